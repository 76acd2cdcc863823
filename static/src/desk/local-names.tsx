/** Local names: spellings and places that analysts add to the gazetteer, so that later texts are read with them. */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../api';
import { date, ENDONYMS, isolated, t, word } from '../language';
import type { Language, LocalName } from '../model';
import { announce } from '../notice';
import { operator } from '../operator';
import { Refusal } from './parts';
import { nameOfWhere, PlaceName, type Where } from './place-name';
import { useSending } from './sending';
import { token$ } from './session';

/** The names of this server; null where its operator named no file for them, or before they are known. */
export const localNames$ = signal<readonly LocalName[] | null>(null);

let asked: Promise<void> | null = null;

/** Asks for the names once, and again after a change. */
export function readLocalNames(again = false): Promise<void> {
  if (!operator.local_names) return Promise.resolve();
  if (again) asked = null;
  asked ??= api.localNames().then(
    ({ names }) => void (localNames$.value = names),
    () => void (asked = null),
  );
  return asked;
}

/** Kinds of places by the precision of a point; coarser ones are units, which nobody adds. */
const LEVELS: Partial<Record<string, string>> = { point: 'site', quarter: 'neighbourhood', settlement: 'settlement' };

/** True if texts can be read with a name of this place. */
export const canBeNamed = (where: Where | null): where is Where =>
  where !== null && ('id' in where ? !where.id.startsWith('point-') : where.precision in LEVELS);

/** Adds a name of a place, or a new place with its first name. */
export async function addLocalName(where: Where, name: string, language: Language, reason: string, token: string): Promise<void> {
  const place = 'id' in where ? { place: where.id } : { point: where.point, level: LEVELS[where.precision] };
  await api.write('POST', 'local-names', { ...place, name, language, ...(reason && { reason }) }, token);
  await readLocalNames(true);
}

/** The offer to read the words as this place in later texts too. `value` is the name, null where it is not wanted. */
export function LocalNameField({
  words,
  where,
  value,
  onChange,
}: {
  words: string;
  where: Where | null;
  value: string | null;
  onChange: (name: string | null) => void;
}) {
  useEffect(() => void readLocalNames(), []);
  if (localNames$.value === null || !canBeNamed(where)) return null;
  return (
    <div class="local-name">
      <label class="check">
        <input
          type="checkbox"
          name="local-name"
          checked={value !== null}
          onChange={(event) => onChange(event.currentTarget.checked ? words : null)}
        />
        <span>{t('localNameToo', { place: isolated(nameOfWhere(where)) })}</span>
      </label>
      {value !== null && (
        <label class="field">
          <span>{t('localNameWords')}</span>
          <input
            type="text"
            name="spelling"
            dir="auto"
            maxLength={100}
            value={value}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        </label>
      )}
    </div>
  );
}

/** All local names, each with the way to remove it. */
export function LocalNames() {
  const { wrong, busy, send } = useSending();
  useEffect(() => void readLocalNames(), []);
  const names = localNames$.value;
  if (!names) return null;
  const remove = ({ place, name }: LocalName): Promise<void> =>
    send(async (token) => {
      await api.write('DELETE', 'local-names', undefined, token, { place, name });
      await readLocalNames(true);
      announce(t('localNameRemoved', { name: isolated(name) }));
    });
  return (
    <details class="more local-names">
      <summary>{t('localNames', { count: names.length })}</summary>
      <p class="sub">{t('localNamesNote')}</p>
      <ul>
        {names.map((local) => (
          <li key={`${local.place} ${local.name}`}>
            <b>
              <bdi lang={local.language}>{local.name}</bdi>
            </b>{' '}
            <small>{ENDONYMS[local.language]}</small>{' '}
            {local.point ? (
              <small>
                {local.level && word(local.level, local.level)} ·{' '}
                <bdi dir="ltr">{`${local.point[1].toFixed(4)}, ${local.point[0].toFixed(4)}`}</bdi>
              </small>
            ) : (
              <PlaceName
                id={local.place}
                names={names.find((other) => other.place === local.place && other.point) && { [local.language]: local.name }}
              />
            )}
            {local.author && (
              <p class="sub">
                <bdi>{local.author}</bdi>, {date(local.time)}
                {local.reason && (
                  <>
                    {' '}
                    “<bdi>{local.reason}</bdi>”
                  </>
                )}
              </p>
            )}
            {token$.value && (
              <button
                type="button"
                class="link"
                disabled={busy}
                aria-label={t('removeLocalName', { name: isolated(local.name) })}
                onClick={() => void remove(local)}
              >
                {t('remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Refusal text={wrong} />
    </details>
  );
}
