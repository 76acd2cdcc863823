/** Signing in with a token: a small form, or the way out. */

import { useState } from 'preact/hooks';
import { Refused } from '../api';
import { t } from '../language';
import { report } from '../notice';
import { signIn, signOut, token$ } from './session';

export function SignIn({ why }: { why?: string }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  if (token$.value) {
    return (
      <p class="signed-in">
        {t('signedIn')}{' '}
        <button type="button" class="link" onClick={signOut}>
          {t('signOut')}
        </button>
      </p>
    );
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!text.trim()) return;
    setBusy(true);
    setWrong('');
    try {
      await signIn(text.trim());
      setText('');
    } catch (error) {
      if (error instanceof Refused) setWrong(error.status === 401 ? t('wrongToken') : error.detail);
      else report(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)} aria-busy={busy}>
      {why && <p class="sub">{why}</p>}
      <label class="field">
        <span>{t('token')}</span>
        <input
          type="password"
          name="token"
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={busy}>
        {t('signIn')}
      </button>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <p class="sub">{t('tokenNote')}</p>
    </form>
  );
}
