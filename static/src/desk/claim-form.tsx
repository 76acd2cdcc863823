/** Adding, correcting and deleting a claim; what somebody else made of it meanwhile is shown, not overwritten. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { t, word } from '../language';
import type { Claim, Edit, Evidence } from '../model';
import { announce, report } from '../notice';
import { revision$ } from '../filter/selection';
import { EditHistory, EditLine } from './edit-history';
import { FiguresFields, figureOf, isValid, sentFigure, type FigureFields } from './figure-fields';
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

export interface ClaimFormProps {
  evidence: Evidence;
  /** None for a new one. */
  claim: Claim | null;
  quote?: Span | null;
  /** The document is read again when something was stored. */
  onStored: () => Promise<void>;
  onClose: () => void;
}

export function ClaimForm({ evidence, claim, quote = null, onStored, onClose }: ClaimFormProps) {
  const id = evidence.record.id;
  const path = claim ? `claims/${encodeURIComponent(`${id}-${claim.id}`)}` : `documents/${id}/claims`;
  const [before] = useState(() => fieldsOf(evidence, claim, quote));
  const [fields, setFields] = useState(before);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const [tag, setTag] = useState<string | null>(null);
  const [behind, setBehind] = useState<{ edit: Edit | null; tag: string | null } | null>(null);
  const change = (part: Partial<Fields>): void => setFields((known) => ({ ...known, ...part }));

  /** Whether the claim is still as the page shows it. */
  const check = async (): Promise<void> => {
    if (!claim || busy) return;
    try {
      const { value, tag: now } = await api.tagged<Claim>(path);
      const shown = (value.ruling?.id ?? null) === (claim.ruling?.id ?? null);
      if (shown && (tag === null || tag === now)) setTag(now);
      else if (tag !== now) setBehind({ edit: value.ruling ?? null, tag: now });
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) setWrong(error.detail);
      else throw error;
    }
  };
  useEffect(() => void check().catch(() => undefined), []);
  const form = useOthers<HTMLElement>(id, check);

  const send = async (method: 'POST' | 'PATCH' | 'DELETE', body: Record<string, unknown> | undefined): Promise<void> => {
    const token = token$.peek();
    // Nothing is stored over somebody's edit before the reader says so.
    if (!token || behind) return;
    setBusy(true);
    setWrong('');
    try {
      const why = reason.trim();
      await api.write(
        method,
        path,
        body && { ...body, ...(why && { reason: why }) },
        token,
        body || !why ? {} : { reason: why },
        claim && tag ? { 'If-Match': tag } : {},
      );
      announce(t('stored'));
      features.reload();
      revision$.value += 1;
      await onStored();
      onClose();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && claim) {
        const now = await api.tagged<Claim>(path).catch(() => null);
        setBehind({ edit: now?.value.ruling ?? null, tag: now?.tag ?? null });
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
        <div class="conflict" role="alert">
          <p>
            {t('claimChangedMeanwhile')} {behind.edit && <EditLine edit={behind.edit} />}
          </p>
          <button type="button" class="button" onClick={() => void onStored().then(onClose)}>
            {t('showTheirs')}
          </button>
          <button type="button" class="button quiet" onClick={() => (setTag(behind.tag), setBehind(null))}>
            {t('goOnWithMine')}
          </button>
        </div>
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
        <QuotePicker evidence={evidence} value={fields.quote} onChange={(span) => change({ quote: span })} />
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
