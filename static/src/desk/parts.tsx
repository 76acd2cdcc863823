/** Small parts that the desk's components share. */

import { render, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused } from '../api';
import { icon as makeIcon, type Icon as IconName } from '../dom';
import { date, direction, t } from '../language';
import { hostOf } from '../link';
import type { Language } from '../model';

/** Draws a component into a new element of the page. */
export function mounted(Component: ComponentType, className: string, tag: 'div' | 'section' = 'div'): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  render(<Component />, element);
  return element;
}

export function Icon({ name }: { name: IconName }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => void place.current?.replaceChildren(makeIcon(name)), [name]);
  return <span class="icon-place" aria-hidden="true" ref={place} />;
}

/** Text with its own direction. */
export function Own({ text, lang }: { text: string; lang?: string }) {
  return lang ? (
    <bdi lang={lang} dir={direction(lang as Language)}>
      {text}
    </bdi>
  ) : (
    <bdi>{text}</bdi>
  );
}

/** The server's refusal, in its own English words. */
export function Refusal({ text }: { text: string }) {
  return text ? (
    <p class="wrong" role="alert">
      <bdi lang="en" dir="ltr">
        {text}
      </bdi>
    </p>
  ) : null;
}

/** A link to a source, or its name alone where the address leads nowhere. */
export function Source({ url, publisher }: { url: string | null | undefined; publisher: string | null | undefined }) {
  const host = hostOf(url ?? '');
  const name = publisher || host || url || t('unknownSource');
  return host && url ? (
    <a href={url} rel="noopener noreferrer" target="_blank" dir="auto">
      <bdi>{name}</bdi>
    </a>
  ) : (
    <bdi>{name}</bdi>
  );
}

export const When = ({ day }: { day: string | null | undefined }) => <>{day ? date(day) : t('unknownDate')}</>;

/** A component whose file comes when it is first shown: forms are not among the first bytes of the page. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => ComponentChildren {
  let Loaded: ComponentType<P> | null = null;
  return function Lazily(props: P) {
    const [failed, setFailed] = useState(false);
    const [, redraw] = useState(0);
    const ask = (): void => {
      setFailed(false);
      load().then(
        (component) => {
          Loaded = component;
          redraw(1);
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!Loaded) ask();
    }, []);
    if (failed) return <Failed again={ask} />;
    return Loaded ? <Loaded {...props} /> : <Busy />;
  };
}

/** Begins a question; the returned function is true until a later one was begun. An answer that was overtaken is not shown. */
export function useTurns(): () => () => boolean {
  const turn = useRef(0);
  return () => {
    const mine = ++turn.current;
    return () => mine === turn.current;
  };
}

export function Busy() {
  return (
    <p class="empty" aria-busy="true">
      {t('loading')}
    </p>
  );
}

/** What the server said to a request that it did not accept; nothing for an error of another kind. */
export const refusedWords = (error: unknown): string | null => (error instanceof Refused ? error.detail : null);

/** A failed request, with a way to try again; `refused` is the server's reason where it answered. */
export function Failed({ again, refused = null }: { again: () => void; refused?: string | null }) {
  if (refused !== null) {
    return (
      <div class="empty refused" role="alert">
        <p>{t('serverRefused')}</p>
        <p class="sub">
          <bdi>{refused}</bdi>
        </p>
      </div>
    );
  }
  return (
    <div class="empty">
      <p>{t('noAnswer')}</p>
      <button type="button" class="button quiet" onClick={again}>
        {t('retry')}
      </button>
    </div>
  );
}

/** A text with every occurrence of some words marked. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  const wanted = words.filter(Boolean);
  if (wanted.length === 0) return <>{text}</>;
  const escaped = wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const parts: ComponentChildren[] = text
    .split(new RegExp(`(${escaped.join('|')})`, 'gu'))
    .map((part, index) => (index % 2 ? <mark key={index}>{part}</mark> : part));
  return <>{parts}</>;
}

/** A button that shows more rows; nothing where there are no more. */
export function More({ shown, total, onMore, busy = false }: { shown: number; total: string; onMore: () => void; busy?: boolean }) {
  return (
    <p class="more-rows">
      <span>{t('shownOf', { shown, total })}</span>
      <button type="button" class="button quiet" disabled={busy} onClick={onMore}>
        {t('showMore')}
      </button>
    </p>
  );
}
