/** A form that sends something with the token: whether it waits for the answer, and the server's refusal. */

import { useState } from 'preact/hooks';
import { Refused } from '../api';
import { report } from '../notice';
import { refusal, token$ } from './session';

export function useSending() {
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  /** Runs a request. A refusal is shown in the form; after a failure of the network the reader may try again. */
  const send = async (request: (token: string) => Promise<void>): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    setBusy(true);
    setWrong('');
    try {
      await request(token);
    } catch (error) {
      if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void send(request));
    } finally {
      setBusy(false);
    }
  };
  return { wrong, busy, send };
}
