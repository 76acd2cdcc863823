/** Adding, correcting and deleting a claim; what somebody else made of it meanwhile is shown, not overwritten. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { describe } from '../gazetteer';
import { date, list, pick, t, word } from '../language';
import type { Claim, Edit, Evidence } from '../model';
import { announce, report } from '../notice';
import { revision$ } from '../filter/selection';
import { Behind, type Change } from './behind';
import { changesAround } from './changes-around';
import { EditHistory, EditLine } from './edit-history';
import { FiguresFields, figureOf, figureText, isValid, sentFigure, type FigureFields } from './figure-fields';
import { useOthers } from './others';
import { PlaceChoice } from './place-choice';
import { membersOf, nameOfWhere, PlaceName, type Where } from './place-name';
import { QuotePicker } from './quote-picker';
import type { Span } from './selected-words';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

/** Types of claims that every server knows; the order of the dictionary. */
const TYPES = [
  'attack_count',
  'casualties',
  'clash',
  'airstrike_or_shelling',
  'explosive_device',
  'abduction',
  'arrest',
  'displacement_or_return',
  'destruction',
  'land_seizure_or_denied_access',
  'change_of_control',
  'territorial_claim',
  'security_vacuum',
  'coordination_axis',
  'protest',
  'meeting',
];

interface Fields {
  type: string;
  quote: Span | null;
  figures: FigureFields[];
  speaker: string;
  places: string[];
  /** A point of the map instead of places. */
  point: Where | null;
  from: string;
  to: string;
}

function fieldsOf(evidence: Evidence, claim: Claim | null, quote: Span | null): Fields {
  if (!claim) return { type: '', quote, figures: [], speaker: '', places: [], point: null, from: '', to: '' };
  const said = evidence.attributions.find(({ id }) => id === claim.attribution);
  const [start, end] = claim.evidence.offsets.utf16;
  return {
    type: claim.type,
    quote: { in: claim.evidence.in === 'title' ? 'title' : 'text', start, end, text: claim.evidence.text },
    figures: evidence.quantities.filter(({ id }) => claim.quantities.includes(id)).map(figureOf),
    speaker: said?.speaker?.text ?? '',
    places: [...claim.places],
    point: null,
    from: claim.time?.from ?? '',
    to: claim.time?.to ?? '',
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The members of a write: all that are set for a new claim, those that changed for another. */
function bodyOf(fields: Fields, before: Fields | null): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const changed = (key: keyof Fields): boolean => !before || !same(fields[key], before[key]);
  if (changed('type')) body.type = fields.type;
  if (changed('quote') && fields.quote) {
    const { in: part, start, end, text } = fields.quote;
    body.quote = { ...(part === 'title' && { in: part }), utf16: [start, end], text };
  }
  if (changed('figures')) body.figures = fields.figures.map(sentFigure);
  if (changed('speaker') && (before || fields.speaker.trim())) body.speaker = fields.speaker.trim() || null;
  if (fields.point) Object.assign(body, membersOf(fields.point));
  else if (changed('places')) body.places = fields.places;
  if (changed('from') || changed('to')) {
    const day = fields.from || fields.to;
    if (before || day) body.day = day ? [fields.from || day, fields.to || day].join('/') : null;
  }
  return body;
}

/** The present state, where it is another one than the form was opened on; `claim` is null for a deleted or a new one. */
interface Newer {
  evidence: Evidence;
  claim: Claim | null;
  fields: Fields;
  tag: string | null;
  /** For a new claim: changes of others to its words. For another: names of the places of both states by their ids. */
  around: string[];
  names: ReadonlyMap<string, string>;
}

/** The edit that made the present state; none where an edit was taken back. */
const editOf = ({ claim, evidence }: Newer, { id }: Claim): Edit | undefined =>
  claim ? claim.ruling : evidence.deleted?.find((deleted) => deleted.id === id)?.ruling;

/** Differences between two states of a claim, in the reader's words. */
function changesOf(before: Fields, after: Fields, names: ReadonlyMap<string, string>): Change[] {
  const days = ({ from, to }: Fields): string =>
    [from, to !== from && to]
      .filter(Boolean)
      .map((day) => date(String(day)))
      .join(' – ');
  const rows: [field: string, of: (fields: Fields) => string][] = [
    [t('field_type'), ({ type }) => word(`claim_${type}`, type)],
    [t('wordsOfDocument'), ({ quote }) => quote?.text ?? ''],
    [t('field_quantities'), ({ figures }) => list(figures.map(figureText))],
    [t('speaker'), ({ speaker }) => speaker],
    [t('field_places'), ({ places }) => list(places.map((place) => names.get(place) ?? place))],
    [t('time'), days],
  ];
  return rows.map(([field, of]) => ({ field, was: of(before), now: of(after) })).filter(({ was, now }) => was !== now);
}

export interface ClaimFormProps {
  evidence: Evidence;
  /** None for a new one. */
  claim: Claim | null;
  quote?: Span | null;
  /** The document is read again when something was stored. */
  onStored: (atOnce?: boolean) => Promise<void>;
  onClose: () => void;
}

export function ClaimForm({ evidence, claim, quote = null, onStored, onClose }: ClaimFormProps) {
  const id = evidence.record.id;
  const path = claim ? `claims/${encodeURIComponent(`${id}-${claim.id}`)}` : `documents/${id}/claims`;
  // The state that the typed values are compared with; another one when the reader goes on after somebody's edit.
  const [base, setBase] = useState(() => ({ evidence, claim, fields: fieldsOf(evidence, claim, quote), tag: null as string | null }));
  const before = base.fields;
  const [fields, setFields] = useState(before);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const [behind, setBehind] = useState<Newer | null>(null);
  const [attempts, setAttempts] = useState(0);
  const change = (part: Partial<Fields>): void => setFields((known) => ({ ...known, ...part }));

  /** Reads the claim, or for a new one its surroundings, as they are now; true if somebody changed them. */
  const look = async (): Promise<boolean> => {
    if (!claim) {
      const newer = await api.freshEvidence(id);
      const around = changesAround(base.evidence, newer, fields.quote);
      setBehind(around.length ? { evidence: newer, claim: null, fields: before, tag: null, around, names: new Map() } : null);
      return around.length > 0;
    }
    const present = await api.tagged<Claim>(path).catch((error: unknown) => {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) return null;
      throw error;
    });
    const tag = present?.tag ?? null;
    if (tag !== null && tag === base.tag) return false;
    const isKnown = present !== null && (present.value.ruling?.id ?? null) === (base.claim?.ruling?.id ?? null);
    if (isKnown && base.tag === null) {
      setBase({ ...base, tag });
      return false;
    }
    // A document that is gone refuses this with its reason.
    const newer = await api.freshEvidence(id);
    const there = newer.claims.find((other) => other.id === claim.id) ?? null;
    const theirs = fieldsOf(newer, there, null);
    if (isKnown && there && same(theirs, before)) {
      setBase({ ...base, tag });
      return false;
    }
    const places = await Promise.all([...before.places, ...theirs.places].map(async (place) => [place, await describe(place)] as const));
    const names = new Map(places.map(([place, known]) => [place, pick(known?.names) || place]));
    setBehind({ evidence: newer, claim: there, fields: theirs, tag, around: [], names });
    return true;
  };
  /** Somebody may have edited the claim before the form was opened, or while it is open. */
  const check = async (): Promise<void> => {
    if (busy) return;
    try {
      await look();
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
      else throw error;
    }
  };
  useEffect(() => void check().catch(() => undefined), []);
  const form = useOthers<HTMLElement>(id, check);
  /** Keeps typed values, and takes the rest from the newer state. */
  const goOn = (): void => {
    if (!behind) return;
    const mine = (Object.keys(fields) as (keyof Fields)[]).filter((key) => !same(fields[key], before[key]));
    if (claim) setFields({ ...behind.fields, ...Object.fromEntries(mine.map((key) => [key, fields[key]])) } as Fields);
    setBase({ evidence: behind.evidence, claim: behind.claim, fields: behind.fields, tag: behind.tag });
    setBehind(null);
    setWrong('');
  };

  const send = async (method: 'POST' | 'PATCH' | 'DELETE', body: Record<string, unknown> | undefined): Promise<void> => {
    const token = token$.peek();
    // Nothing is stored over somebody's edit before the reader says so.
    if (!token) return;
    if (behind) return setAttempts(attempts + 1);
    setBusy(true);
    setWrong('');
    try {
      // Without a tag the server could not tell whether somebody edited the claim meanwhile.
      if (base.tag === null && (await look())) return setAttempts(attempts + 1);
      const why = reason.trim();
      await api.write(
        method,
        path,
        body && { ...body, ...(why && { reason: why }) },
        token,
        body || !why ? {} : { reason: why },
        claim && base.tag ? { 'If-Match': base.tag } : {},
      );
      announce(t('stored'));
      features.reload();
      revision$.value += 1;
      await onStored();
      onClose();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && claim) {
        await check().catch(() => undefined);
        setAttempts(attempts + 1);
      } else if (error instanceof Refused) setWrong(refusal(error));
      else report(error, () => void send(method, body));
    } finally {
      setBusy(false);
    }
  };
  const store = (): void => {
    if (!fields.type) return setWrong(t('typeNeeded'));
    if (!fields.quote) return setWrong(t('quoteNeeded'));
    if (!fields.figures.every(isValid)) return setWrong(t('figureWrong'));
    if (fields.from && fields.to && fields.from > fields.to) return setWrong(t('daysWrong'));
    const body = bodyOf(fields, claim ? before : null);
    if (Object.keys(body).length === 0) return onClose();
    void send(claim ? 'PATCH' : 'POST', body);
  };
  const remove = (): void => {
    if (!reason.trim()) return setWrong(t('reasonNeeded'));
    void send('DELETE', undefined);
  };
  if (!token$.value) return <SignIn why={t('signInToRule')} />;
  const types = [...new Set([...TYPES, ...(fields.type ? [fields.type] : [])])];
  return (
    <section class="rule-form claim-form" aria-label={t(claim ? 'correctClaim' : 'addClaim')} aria-busy={busy} ref={form}>
      {behind && (
        <Behind
          changes={claim && behind.claim ? changesOf(before, behind.fields, behind.names) : []}
          attempts={attempts}
          onShow={() => void onStored(true).then(onClose)}
          onGoOn={claim && !behind.claim ? null : goOn}
        >
          {claim ? (
            <>
              {t('claimChangedMeanwhile')} {editOf(behind, claim) && <EditLine edit={editOf(behind, claim) as Edit} />}
            </>
          ) : (
            <>
              {t('documentChangedMeanwhile')} {list(behind.around)}
            </>
          )}
        </Behind>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          store();
        }}
      >
        <label class="field">
          <span>{t('field_type')}</span>
          <select name="claim-type" onChange={(event) => change({ type: event.currentTarget.value })}>
            <option value="">{t('chooseType')}</option>
            {types.map((type) => (
              <option key={type} value={type} selected={fields.type === type}>
                {word(`claim_${type}`, type)}
              </option>
            ))}
          </select>
        </label>
        <QuotePicker evidence={base.evidence} value={fields.quote} onChange={(span) => change({ quote: span })} />
        <FiguresFields figures={fields.figures} onChange={(figures) => change({ figures })} />
        <label class="field">
          <span>{t('speaker')}</span>
          <input
            type="text"
            name="claim-speaker"
            dir="auto"
            value={fields.speaker}
            placeholder={t('theTextItself')}
            onInput={(event) => change({ speaker: event.currentTarget.value })}
          />
        </label>
        <p class="sub">{t('speakerNote')}</p>
        <fieldset class="claim-places">
          <legend>{t('field_places')}</legend>
          {(fields.places.length > 0 || fields.point) && (
            <ul class="chips">
              {fields.point ? (
                <li>
                  <button type="button" class="chip" onClick={() => change({ point: null })}>
                    <bdi>{nameOfWhere(fields.point)}</bdi> <span class="sr-only">{t('removeCondition')}</span>
                    <span aria-hidden="true">×</span>
                  </button>
                </li>
              ) : (
                fields.places.map((place) => (
                  <li key={place}>
                    <button type="button" class="chip" onClick={() => change({ places: fields.places.filter((other) => other !== place) })}>
                      <PlaceName id={place} /> <span class="sr-only">{t('removeCondition')}</span>
                      <span aria-hidden="true">×</span>
                    </button>
                  </li>
                ))
              )}
            </ul>
          )}
          <PlaceChoice
            label={t('addPlace')}
            value={fields.point}
            onChange={(where) => {
              if (where && 'id' in where) change({ places: [...new Set([...fields.places, where.id])], point: null });
              else change({ point: where });
            }}
          />
        </fieldset>
        <div class="around">
          <label class="field">
            <span>{t('dayFrom')}</span>
            <input type="date" name="day-from" value={fields.from} onInput={(event) => change({ from: event.currentTarget.value })} />
          </label>
          <label class="field">
            <span>{t('dayTo')}</span>
            <input type="date" name="day-to" value={fields.to} onInput={(event) => change({ to: event.currentTarget.value })} />
          </label>
        </div>
        <label class="field">
          <span>{t('reason')}</span>
          <input
            type="text"
            name="reason"
            dir="auto"
            maxLength={2000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="submit" class="button" disabled={busy}>
            {t('store')}
          </button>
          {claim && (
            <button type="button" class="button quiet delete-claim" disabled={busy} onClick={remove}>
              {t('deleteClaim')}
            </button>
          )}
          {claim?.ruling && (
            <button type="button" class="button quiet" disabled={busy} onClick={() => void send('PATCH', { ruling: 'undo' })}>
              {t('doUndo')}
            </button>
          )}
          <button type="button" class="button quiet" disabled={busy} onClick={onClose}>
            {t('cancel')}
          </button>
        </div>
      </form>
      {wrong && (
        <p class="wrong" role="alert">
          <bdi>{wrong}</bdi>
        </p>
      )}
      {claim && <EditHistory load={() => api.claimRulings(`${id}-${claim.id}`)} />}
      <SignIn />
    </section>
  );
}
