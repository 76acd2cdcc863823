/** Changes of the server as they happen. One tab of a browser reads the stream and tells the others; where it breaks it is read again from where it ended. */

import { address } from '../api';
import { token$ } from './session';

/** Ids of what changed. */
export interface Changes {
  /** Documents that came, were corrected or read again. */
  documents: string[];
  /** Documents in which somebody ruled or edited something. */
  edited: string[];
  deleted: string[];
  mentions: string[];
  claims: string[];
  events: string[];
}

export interface Message {
  event: string;
  id: string;
  data: string;
}

/** `reset`: more changed than is listed; everything is read again. */
export type Told = Changes | 'reset';

const NAME = 'mahwar-changes';
/** Milliseconds before a stream that broke is read again, at first and at most. */
const AGAIN = [2_000, 60_000] as const;
/** A stream that says nothing for so long is broken: the server says something every fifteen seconds. */
const SILENCE = 50_000;

/** Takes the messages out of a text; the rest is the beginning of one that has not come whole. */
export function messages(text: string): { whole: Message[]; rest: string } {
  const parts = text.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = parts.pop() ?? '';
  const whole = parts.map((part) => {
    const message: Message = { event: 'message', id: '', data: '' };
    for (const line of part.split('\n')) {
      const at = line.indexOf(':');
      if (at <= 0) continue;
      const value = line.slice(at + 1).replace(/^ /, '');
      const field = line.slice(0, at);
      if (field === 'data') message.data += message.data ? `\n${value}` : value;
      else if (field === 'event' || field === 'id') message[field] = value;
    }
    return message;
  });
  return { whole: whole.filter(({ id, data }) => id || data), rest };
}

/** What a message says; null for one that says nothing new. */
export function told({ event, data }: Message): Told | null {
  if (event === 'reset') return 'reset';
  if (event !== 'changes') return null;
  try {
    const read = JSON.parse(data) as Partial<Changes>;
    const list = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []);
    return {
      documents: list(read.documents),
      edited: list(read.edited),
      deleted: list(read.deleted),
      mentions: list(read.mentions),
      claims: list(read.claims),
      events: list(read.events),
    };
  } catch {
    return 'reset';
  }
}

/** Reads the stream until it ends; gives the id of the last message. */
async function read(last: string, tell: (told: Told) => void): Promise<string> {
  const ended = new AbortController();
  let silence = setTimeout(() => ended.abort(), SILENCE);
  const token = token$.peek();
  try {
    const response = await fetch(address('changes'), {
      headers: { Accept: 'text/event-stream', ...(last && { 'Last-Event-ID': last }), ...(token && { Authorization: `Bearer ${token}` }) },
      cache: 'no-store',
      signal: ended.signal,
    });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return last;
      clearTimeout(silence);
      silence = setTimeout(() => ended.abort(), SILENCE);
      const { whole, rest } = messages(text + value);
      text = rest;
      for (const message of whole) {
        if (message.id) last = message.id;
        const what = told(message);
        if (what) tell(what);
      }
    }
  } catch {
    return last;
  } finally {
    clearTimeout(silence);
  }
}

/** Reads for as long as the page is there. */
async function readOn(tell: (told: Told) => void): Promise<never> {
  let last = '';
  let wait: number = AGAIN[0];
  for (;;) {
    const begun = Date.now();
    last = await read(last, tell);
    wait = Date.now() - begun > AGAIN[1] ? AGAIN[0] : Math.min(wait * 2, AGAIN[1]);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Calls back with each change, whichever tab reads the stream. */
export function followChanges(take: (told: Told) => void): void {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);
  channel?.addEventListener('message', ({ data }: MessageEvent<Told>) => take(data));
  const tell = (what: Told): void => {
    channel?.postMessage(what);
    take(what);
  };
  // The tab that holds the lock reads; when it is closed the next one gets it. Without locks every tab reads for itself.
  if (channel && navigator.locks) void navigator.locks.request(NAME, () => readOn(tell));
  else void readOn(take);
}
