/** A speaker: what they said, newest first, how much of it when, and where. */

import { useEffect, useState } from 'preact/hooks';
import * as api from '../api';
import { counted } from '../figures';
import { all, quoted, within } from '../filter/filter';
import { revision$, saidOf, statementOf, type Said, type Statement } from '../filter/selection';
import { number, pick, plainNumber, t } from '../language';
import { CLOSED, refine, set, state$ } from '../store';
import { nameView } from '../title';
import { ClaimRow } from './overview';
import { Busy, Failed, Icon, More, Own, useTurns } from './parts';
import { SentenceRow } from './place-card';

interface Spoken {
  claims: Said[];
  statements: Statement[];
  more: boolean;
  state: 'loading' | 'ready' | 'failed';
}

export function SpeakerCard({ name, onBack }: { name: string; onBack: () => void }) {
  const { time } = state$.value;
  const [spoken, setSpoken] = useState<Spoken>({ claims: [], statements: [], more: false, state: 'loading' });
  const [take, setTake] = useState(20);
  const [part, setPart] = useState<'claims' | 'statements'>('claims');
  const revision = revision$.value;
  const begin = useTurns();
  const load = async (): Promise<void> => {
    const isLast = begin();
    setSpoken((known) => ({ ...known, state: 'loading' }));
    try {
      const condition = all(`speaker = ${quoted(name)}`, time && within('published', time));
      const ask = { filter: condition, 'filter-lang': 'cql2-text', sortby: '-published' };
      const [claims, mentions] = await Promise.all([api.allItems('claims', ask, 2000), api.allItems('mentions', ask, 2000)]);
      if (!isLast()) return;
      setSpoken({
        claims: claims.features.map(saidOf),
        statements: mentions.features.map(statementOf),
        more: claims.more || mentions.more,
        state: 'ready',
      });
    } catch {
      if (isLast()) setSpoken({ claims: [], statements: [], more: false, state: 'failed' });
    }
  };
  useEffect(() => nameView(name), [name]);
  useEffect(() => void load(), [name, JSON.stringify(time), revision]);
  const places = new Map<string, { name: string; count: number }>();
  for (const { place, names } of spoken.statements) places.set(place, { name: pick(names), count: (places.get(place)?.count ?? 0) + 1 });
  const rows = part === 'claims' ? spoken.claims : spoken.statements;
  return (
    <article class="place speaker">
      <header class="document-head">
        <button type="button" class="link back" onClick={onBack}>
          <Icon name="back" />
          {t('back')}
        </button>
        <h2>
          <Own text={name} />
        </h2>
        <p class="sub">{t('speaker')}</p>
      </header>
      <div class="place-body" tabIndex={0} role="group" aria-label={name}>
        {spoken.state === 'failed' ? (
          <Failed again={() => void load()} />
        ) : spoken.state === 'loading' ? (
          <Busy />
        ) : (
          <>
            <h3 class="totals">
              {spoken.more ? `${t('atLeast')} ` : ''}
              {counted('claims', spoken.claims.length)} · {counted('mentions', spoken.statements.length)}
            </h3>
            <ByMonth days={[...spoken.claims, ...spoken.statements].flatMap(({ published }) => (published ? [published] : []))} />
            <p class="chips">
              <button type="button" class="chip" onClick={() => (refine({ speaker: name }), set(CLOSED))}>
                {t('onlyThisSpeaker')}
              </button>
              {[...places]
                .sort((a, b) => b[1].count - a[1].count)
                .slice(0, 12)
                .map(([id, place]) => (
                  <button key={id} type="button" class="chip" onClick={() => set({ ...CLOSED, feature: { layer: 'mention_places', id } })}>
                    <Own text={place.name} /> {number(place.count)}
                  </button>
                ))}
            </p>
            <div class="choices" role="group" aria-label={t('lists')}>
              {(['claims', 'statements'] as const).map((of) => (
                <button key={of} type="button" class="button quiet" aria-pressed={part === of} onClick={() => (setPart(of), setTake(20))}>
                  {t(of === 'claims' ? 'part_claims' : 'part_statements')} {number(spoken[of].length)}
                </button>
              ))}
            </div>
            {part === 'claims'
              ? spoken.claims.slice(0, take).map((claim) => <ClaimRow key={claim.id} claim={claim} withSpeaker={false} />)
              : spoken.statements.slice(0, take).map((row) => <SentenceRow key={row.id} row={row} withPlace />)}
            {rows.length > take && <More shown={take} total={number(rows.length)} onMore={() => setTake(take + 50)} />}
          </>
        )}
      </div>
    </article>
  );
}

/** How much was said in each month, as a table that a screen reader reads too. */
function ByMonth({ days }: { days: string[] }) {
  const months = new Map<string, number>();
  for (const day of days) months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + 1);
  if (months.size < 2) return null;
  const sorted = [...months].sort(([a], [b]) => a.localeCompare(b)).slice(-24);
  const most = Math.max(...sorted.map(([, count]) => count));
  return (
    <ol class="months" aria-label={t('byMonth')}>
      {sorted.map(([month, count]) => (
        <li key={month} title={`${plainNumber(Number(month.slice(5)))}/${plainNumber(Number(month.slice(0, 4)))}: ${number(count)}`}>
          <span class="bar" style={{ blockSize: `${Math.round((count / most) * 36) + 4}px` }} />
          <small>
            {plainNumber(Number(month.slice(5)))}/{plainNumber(Number(month.slice(2, 4)))}
          </small>
        </li>
      ))}
    </ol>
  );
}
