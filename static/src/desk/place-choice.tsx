/** A place of the gazetteer, or a point on the map with its precision. */

import { useEffect, useState } from 'preact/hooks';
import Feature from 'ol/Feature';
import type MapBrowserEvent from 'ol/MapBrowserEvent';
import Point from 'ol/geom/Point';
import { fromLonLat, toLonLat } from 'ol/proj';
import { describe } from '../gazetteer';
import { pick, t, word } from '../language';
import { measure, olMap } from '../map';
import { announce } from '../notice';
import { setMeasuring } from '../pick';
import { PlaceName, PRECISIONS, type Precision, type Where } from './place-name';
import { PlacePicker } from './place-picker';

export function PlaceChoice({
  label,
  value,
  onChange,
  candidates = [],
}: {
  label: string;
  value: Where | null;
  onChange: (where: Where | null) => void;
  candidates?: readonly { id: string; name?: Parameters<typeof pick>[0]; level?: string }[];
}) {
  return (
    <div class="place-choice">
      <PlacePicker label={label} onPick={({ id, name }) => onChange({ id, name })} />
      {candidates.length > 0 && (
        <ul class="chips candidate-chips">
          {candidates.slice(0, 6).map((candidate) => (
            <li key={candidate.id}>
              <button
                type="button"
                class="chip"
                data-place={candidate.id}
                aria-pressed={value !== null && 'id' in value && value.id === candidate.id}
                onClick={() =>
                  void describe(candidate.id).then((known) =>
                    onChange({ id: candidate.id, name: pick(candidate.name) || pick(known?.names) || candidate.id }),
                  )
                }
              >
                <PlaceName id={candidate.id} names={candidate.name} level={candidate.level} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PointPicker value={value && 'point' in value ? value : null} onChange={onChange} />
    </div>
  );
}

/** The mark of the point that is being chosen. */
const mark = new Feature({ foot: true });

function PointPicker({
  value,
  onChange,
}: {
  value: { point: [number, number]; precision: Precision } | null;
  onChange: (where: Where | null) => void;
}) {
  const [open, setOpen] = useState(value !== null);
  const [choosing, setChoosing] = useState(false);
  const [precision, setPrecision] = useState<Precision>(value?.precision ?? 'settlement');
  const [texts, setTexts] = useState<[lat: string, lon: string]>(['', '']);
  const place = (lon: number, lat: number): void => {
    setTexts([lat.toFixed(5), lon.toFixed(5)]);
    onChange({ point: [Number(lon.toFixed(5)), Number(lat.toFixed(5))], precision });
  };
  useEffect(() => {
    if (!choosing) return;
    const take = (event: MapBrowserEvent): void => {
      const [lon = 0, lat = 0] = toLonLat(event.coordinate);
      place(lon, lat);
      setChoosing(false);
      announce(t('pointChosen'));
    };
    setMeasuring(true);
    olMap().on('singleclick', take);
    return () => {
      olMap().un('singleclick', take);
      setMeasuring(false);
    };
  }, [choosing, precision]);
  useEffect(() => {
    if (!value) return;
    mark.setGeometry(new Point(fromLonLat(value.point)));
    if (!measure.hasFeature(mark)) measure.addFeature(mark);
    return () => void (measure.hasFeature(mark) && measure.removeFeature(mark));
  }, [value?.point[0], value?.point[1]]);
  const type = (at: 0 | 1, text: string): void => {
    const next: [string, string] = at ? [texts[0], text] : [text, texts[1]];
    setTexts(next);
    const [lat, lon] = next.map((part) => (part.trim() ? Number(part.trim().replace(',', '.')) : NaN)) as [number, number];
    const isPosition = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    onChange(isPosition ? { point: [lon, lat], precision } : null);
  };
  const field = (at: 0 | 1, name: string, words: string) => (
    <label class="field">
      <span>{words}</span>
      <input
        type="text"
        inputMode="decimal"
        dir="ltr"
        name={name}
        value={texts[at]}
        onInput={(event) => type(at, event.currentTarget.value)}
      />
    </label>
  );
  return (
    <details class="more point-picker" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('pointOnMap')}</summary>
      {open && (
        <>
          <p class="actions">
            <button type="button" class="button quiet choose-point" aria-pressed={choosing} onClick={() => setChoosing(!choosing)}>
              {t(choosing ? 'clickTheMap' : 'chooseOnMap')}
            </button>
            <button
              type="button"
              class="button quiet"
              onClick={() => {
                const [lon = 0, lat = 0] = toLonLat(olMap().getView().getCenter() ?? [0, 0]);
                place(lon, lat);
              }}
            >
              {t('middleOfMap')}
            </button>
          </p>
          <div class="around">
            {field(0, 'lat', t('latitude'))}
            {field(1, 'lon', t('longitude'))}
            <label class="field">
              <span>{t('precision')}</span>
              <select
                name="precision"
                onChange={(event) => {
                  const next = event.currentTarget.value as Precision;
                  setPrecision(next);
                  if (value) onChange({ point: value.point, precision: next });
                }}
              >
                {PRECISIONS.map((of) => (
                  <option key={of} value={of} selected={precision === of}>
                    {word(of, of)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <p class="sub">{t('pointNote')}</p>
        </>
      )}
    </details>
  );
}
