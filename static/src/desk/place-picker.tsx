/** A place of the gazetteer, chosen by its name: an ARIA combobox that asks nothing while it is empty. */

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { language, pick, t, word } from '../language';
import type { SearchHit } from '../model';
import { announce, report } from '../notice';

export interface Picked {
  id: string;
  name: string;
  level: string;
  point: [number, number];
}

export const pickedOf = (hit: SearchHit): Picked => ({
  id: hit.mahwar?.id ?? '',
  name: pick(hit.mahwar?.names) || hit.name,
  level: hit.type,
  point: [Number(hit.lon), Number(hit.lat)],
});

export function PlacePicker({ label, onPick, initial = '' }: { label: string; onPick: (place: Picked) => void; initial?: string }) {
  const id = useId();
  const [text, setText] = useState(initial);
  const [hits, setHits] = useState<SearchHit[]>([]);
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const typed = useRef(false);
  useEffect(() => setText(initial), [initial]);
  useEffect(() => {
    if (!typed.current || !text.trim()) return void setHits([]);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api
        .search(text.trim(), language(), abort.signal)
        .then((found) => {
          setHits(found.filter((hit) => hit.mahwar));
          setActive(-1);
          setOpen(true);
          announce(found.length ? t('hits', { count: found.length }) : t('noHits'));
        })
        .catch((error: unknown) => report(error));
    }, 160);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  const choose = (hit: SearchHit | undefined): void => {
    if (!hit) return;
    typed.current = false;
    setOpen(false);
    setText(pickedOf(hit).name);
    onPick(pickedOf(hit));
  };
  const key = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open) choose(hits[Math.max(0, active)]);
    } else if (move && hits.length) {
      event.preventDefault();
      setOpen(true);
      setActive((active + move + hits.length) % hits.length);
    }
  };
  const shown = open && typed.current;
  return (
    <span class="picker">
      <input
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        dir={text ? 'auto' : undefined}
        aria-label={label}
        placeholder={t('searchPlaceholder')}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        value={text}
        onInput={(event) => {
          typed.current = true;
          setText(event.currentTarget.value);
        }}
        onKeyDown={key}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
      />
      <ul id={`${id}-list`} class="suggestions" role="listbox" aria-label={t('suggestions')} hidden={!shown}>
        {hits.map((hit, index) => (
          <li
            key={hit.mahwar?.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(hit);
            }}
          >
            <b>
              <bdi>{pickedOf(hit).name}</bdi>
            </b>
            <small>
              {word(hit.type, hit.type)} ·{' '}
              <bdi>
                {hit.display_name
                  .split(/[,،]\s*/)
                  .slice(1, 4)
                  .join(' · ')}
              </bdi>
            </small>
          </li>
        ))}
        {hits.length === 0 && (
          <li class="empty" role="option" aria-disabled="true" aria-selected="false">
            {t('noHits')}
          </li>
        )}
      </ul>
    </span>
  );
}
