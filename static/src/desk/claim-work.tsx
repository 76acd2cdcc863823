/** Beside a claim: who edited it, and the way to its form; below all claims those that were deleted. */

import { useState } from 'preact/hooks';
import * as api from '../api';
import { Refused } from '../api';
import * as features from '../features';
import { revision$ } from '../filter/selection';
import { date, isolated, t, word } from '../language';
import type { Claim, DeletedClaim, Evidence } from '../model';
import { report } from '../notice';
import { EditLine } from './edit-history';
import { lazily } from './parts';
import { PlaceName } from './place-name';
import { refusal, token$ } from './session';
import { SignIn } from './sign-in';

const ClaimForm = lazily(async () => (await import('./claim-form')).ClaimForm);

/** A claim's button and, when it is pressed, its form; who edited it last stands above. */
export function ClaimWork({
  evidence,
  claim,
  onStored,
}: {
  evidence: Evidence;
  claim: Claim;
  onStored: (atOnce?: boolean) => Promise<void>;
}) {
  const [open, setOpen] = useState(false);
  const machine = claim.machine;
  const named = new Set(evidence.mentions.filter(({ id }) => claim.mentions.includes(id)).map(({ place }) => place?.id));
  const beside = claim.places.filter((place) => !named.has(place));
  return (
    <div class="claim-work">
      {beside.length > 0 && (
        <p class="sub claim-where">
          {t('field_places')}:{' '}
          {beside.map((place) => (
            <span key={place}>
              <PlaceName id={place} />{' '}
            </span>
          ))}
        </p>
      )}
      {claim.ruling && claim.time?.from && (
        <p class="sub claim-day">
          {t('time')}: {date(claim.time.from)}
          {claim.time.to && claim.time.to !== claim.time.from && ` – ${date(claim.time.to)}`}
        </p>
      )}
      {claim.ruling && (
        <p class="sub ruling">
          <EditLine edit={claim.ruling} />
        </p>
      )}
      {machine?.type && machine.type !== claim.type && (
        <p class="sub">{t('machineRead', { words: isolated(word(`claim_${machine.type}`, machine.type)) })}</p>
      )}
      {open ? (
        <ClaimForm evidence={evidence} claim={claim} onStored={onStored} onClose={() => setOpen(false)} />
      ) : (
        <button type="button" class="link correct-claim" onClick={() => setOpen(true)}>
          {t('correctClaim')}
        </button>
      )}
    </div>
  );
}

/** Claims that analysts deleted, each with the way back. */
export function DeletedClaims({ evidence, onStored }: { evidence: Evidence; onStored: (atOnce?: boolean) => Promise<void> }) {
  const [wrong, setWrong] = useState('');
  const deleted = evidence.deleted ?? [];
  if (deleted.length === 0) return null;
  const undo = async ({ id }: DeletedClaim): Promise<void> => {
    const token = token$.peek();
    if (!token) return;
    setWrong('');
    try {
      await api.write('PATCH', `claims/${encodeURIComponent(`${evidence.record.id}-${id}`)}`, { ruling: 'undo' }, token);
      features.reload();
      revision$.value += 1;
      await onStored();
    } catch (error) {
      if (error instanceof Refused) setWrong(refusal(error));
      else report(error);
    }
  };
  return (
    <details class="more deleted-claims">
      <summary>{t('deletedClaims', { count: deleted.length })}</summary>
      <ul>
        {deleted.map((one) => (
          <li key={one.id}>
            <b>{one.machine?.type ? word(`claim_${one.machine.type}`, one.machine.type) : one.id}</b>
            {one.ruling && (
              <p class="sub">
                {t('deletedBy', { author: isolated(one.ruling.author), day: date(one.ruling.time) })}
                {one.ruling.reason && (
                  <>
                    {' '}
                    “<bdi>{one.ruling.reason}</bdi>”
                  </>
                )}
              </p>
            )}
            {one.machine?.evidence && <blockquote dir="auto">{one.machine.evidence.text}</blockquote>}
            {token$.value ? (
              <button type="button" class="link" onClick={() => void undo(one)}>
                {t('takeDeletionBack')}
              </button>
            ) : (
              <SignIn why={t('signInToRule')} />
            )}
          </li>
        ))}
      </ul>
      {wrong && (
        <p class="wrong" role="alert">
          <bdi>{wrong}</bdi>
        </p>
      )}
    </details>
  );
}
