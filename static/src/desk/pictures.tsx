/** This view on paper and as a picture of a chosen size, drawn by the server. */

import { useState } from 'preact/hooks';
import { absolute } from '../api';
import { catalogue, isShown } from '../catalogue';
import { isActive } from '../filter/filter';
import { pictureQuery, type PictureQuery } from '../filter/picture';
import { selection$ } from '../filter/selection';
import { conditionsOf } from '../filter/words';
import { date, list, t } from '../language';
import { bounds } from '../map';
import { operator } from '../operator';
import { savePicture } from '../picture';
import { printView } from '../print';
import { state$ } from '../store';
import { isDark } from '../theme';
import { Icon } from './parts';

/** Points of the papers, long side first (72 to the inch). */
const PAPERS = { A4: [842, 595], A3: [1191, 842] } as const;

/** Layers and parameters of the server's pictures of this view. */
function query(): PictureQuery {
  const { filter, time } = state$.peek();
  const { state, statements, positions, more } = selection$.peek();
  const shown = catalogue()
    .filter(({ id }) => isShown(id))
    .map(({ id }) => id);
  const isWhole = state === 'ready' && !more;
  return pictureQuery(shown, filter, time, isWhole ? [...statements.map(({ id }) => id), ...positions.keys()] : null);
}

/** Conditions that a picture may not follow, in words. */
const LEFT_OUT = { words: 'words', documents: 'documentLanguage', ruled: 'ruling', area: 'area_', confidence: 'confidence' } as const;

/** Everything that the server's pictures leave out, in words. */
function leftOut({ left }: PictureQuery): string[] {
  return [...left.map((key) => t(LEFT_OUT[key])), ...(state$.value.compare ? [t('theComparison')] : [])];
}

/** The longest title that the server takes, in characters. */
const MAX_TITLE = 200;

/** A title that says which part of the statements is drawn; the server's own where all are. */
function titleOf({ left }: PictureQuery): string | undefined {
  const { filter, time } = state$.peek();
  if (!isActive(filter) && !time) return undefined;
  const period = time ? `${date(time[0])} – ${date(time[1])}` : '';
  // A title with conditions that the picture leaves out would be wrong.
  const conditions = left.length ? [] : conditionsOf(filter).map(({ text }) => text);
  const whole = [operator.title ?? t('brand'), period, ...conditions].filter(Boolean).join(' · ');
  return [...whole].slice(0, MAX_TITLE).join('');
}

/** The address of a picture of this view; `scale` is pixels of the file for one of the page. */
export function pictureAddress(ending: 'pdf' | 'png' | 'svg', width: number, height: number, scale?: number): string {
  const { worldview, language, style } = state$.peek();
  const asked = query();
  return absolute(`maps/${style ?? (ending === 'pdf' ? 'print' : isDark() ? 'dark' : 'light')}.${ending}`, {
    bbox: bounds().join(','),
    width,
    height,
    scale,
    worldview,
    lang: language,
    layers: asked.layers.join(','),
    title: titleOf(asked),
    ...asked.parameters,
  });
}

export function Pictures() {
  void state$.value;
  void selection$.value;
  const asked = query();
  const left = leftOut(asked);
  const [paper, setPaper] = useState<keyof typeof PAPERS>('A4');
  const [portrait, setPortrait] = useState(false);
  const [size, setSize] = useState<[number, number]>([1600, 1000]);
  const [long, short] = PAPERS[paper];
  const [width, height] = portrait ? [short, long] : [long, short];
  const side = (at: 0 | 1) => (
    <input
      type="number"
      dir="ltr"
      min={200}
      max={4096}
      value={size[at]}
      aria-label={t(at ? 'height' : 'width')}
      onChange={(event) => {
        const value = Math.max(200, Math.min(4096, Number(event.currentTarget.value) || size[at]));
        setSize(at ? [size[0], value] : [value, size[1]]);
      }}
    />
  );
  return (
    <section class="pictures">
      <div class="actions">
        <button type="button" class="button quiet" onClick={() => void savePicture()}>
          <Icon name="picture" />
          {t('savePicture')}
        </button>
        <button type="button" class="button quiet" onClick={() => void printView()}>
          <Icon name="printer" />
          {t('print')}
        </button>
      </div>
      <h3>{t('ofServer')}</h3>
      {asked.isDotted && <p class="sub dotted">{t('pictureDots')}</p>}
      {left.length > 0 && <p class="sub left-out">{t('pictureLeft', { parts: list(left) })}</p>}
      <p class="actions">
        <label>
          <span class="sr-only">{t('paper')}</span>
          <select
            name="paper"
            onChange={(event) => (
              setPaper(event.currentTarget.value.slice(0, 2) as keyof typeof PAPERS),
              setPortrait(event.currentTarget.value.endsWith('p'))
            )}
          >
            {(Object.keys(PAPERS) as (keyof typeof PAPERS)[]).flatMap((of) => [
              <option key={of} value={`${of}l`} selected={paper === of && !portrait}>
                {of} ↔
              </option>,
              <option key={`${of}p`} value={`${of}p`} selected={paper === of && portrait}>
                {of} ↕
              </option>,
            ])}
          </select>
        </label>
        <a
          class="button quiet pdf"
          href={pictureAddress('pdf', width, height)}
          download="mahwar.pdf"
          onFocus={(event) => (event.currentTarget.href = pictureAddress('pdf', width, height))}
          onPointerDown={(event) => (event.currentTarget.href = pictureAddress('pdf', width, height))}
        >
          {t('pdf')}
        </a>
      </p>
      <p class="actions size">
        {side(0)} <span aria-hidden="true">×</span> {side(1)}
        {(['png', 'svg'] as const).map((ending) => (
          <a
            key={ending}
            class="button quiet"
            href={pictureAddress(ending, ...size)}
            download={`mahwar.${ending}`}
            onFocus={(event) => (event.currentTarget.href = pictureAddress(ending, ...size))}
            onPointerDown={(event) => (event.currentTarget.href = pictureAddress(ending, ...size))}
          >
            {ending.toUpperCase()}
          </a>
        ))}
      </p>
    </section>
  );
}
