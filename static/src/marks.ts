/** Marks of the page over the map: rings around selected features, the ruler, names of neighbours. */

import type { FeatureLike } from 'ol/Feature';
import Point from 'ol/geom/Point';
import { Circle, Fill, Stroke, Style, Text } from 'ol/style';
import { FONT } from './fonts';
import { pick } from './language';
import type { Names } from './model';
import { radius } from './naming';
import { alpha, colour } from './style';
import { isDark } from './theme';

/** The colour of the reader's selection. */
const chosen = (): string => (isDark() ? '#ffffff' : '#0b2d57');

/** Ring around a selected feature, in any layer; candidates have a dashed ring. */
export function selected(feature: FeatureLike): Style[] {
  const paper = colour('paper');
  if (feature.getGeometry()?.getType() === 'Point') {
    const dashed = feature.get('candidate') ? { lineDash: [3, 3] } : {};
    const size = feature.get('candidate') ? 9 : Math.round(radius(Number(feature.get('count') ?? 1))) + 7;
    // A place of a text that is being tried has no mark of its own under the ring, so it is one.
    if (feature.get('tried')) {
      const text = pick(feature.get('names') as Names);
      return [new Style({ image: new Circle({ radius: 8, fill: new Fill({ color: chosen() }), stroke: new Stroke({ color: paper, width: 2.5 }) }), text: new Text({ text, font: `700 13px ${FONT}`, offsetY: 19, fill: new Fill({ color: chosen() }), stroke: new Stroke({ color: paper, width: 3 }) }) })];
    }
    return [
      new Style({ image: new Circle({ radius: size, stroke: new Stroke({ color: paper, width: 5 }) }) }),
      new Style({ image: new Circle({ radius: size, stroke: new Stroke({ color: chosen(), width: 2.5, ...dashed }) }) }),
    ];
  }
  return [
    new Style({ stroke: new Stroke({ color: paper, width: 6 }) }),
    new Style({ stroke: new Stroke({ color: chosen(), width: 2.5 }), fill: new Fill({ color: alpha(chosen(), 0.06) }) }),
  ];
}

/** The area that the filter means. */
export const area = (): Style =>
  new Style({ stroke: new Stroke({ color: chosen(), width: 2, lineDash: [2, 5] }), fill: new Fill({ color: alpha(chosen(), 0.05) }) });

/** A point referred to the corridor, and the way to it. */
export function measured(feature: FeatureLike): Style {
  if (feature.getGeometry() instanceof Point) {
    const foot = feature.get('foot') === true;
    return new Style({ image: new Circle({ radius: foot ? 6 : 4, fill: new Fill({ color: foot ? colour('gap') : chosen() }), stroke: new Stroke({ color: colour('paper'), width: 2 }) }) });
  }
  return new Style({ stroke: new Stroke({ color: chosen(), width: 1.75, lineDash: [4, 4] }) });
}

/** The name of a neighbouring country. */
export const neighbour = (name: string): Style =>
  new Style({ text: new Text({ text: name, font: `500 15px ${FONT}`, fill: new Fill({ color: colour('text_soft') }), stroke: new Stroke({ color: colour('abroad'), width: 3 }), overflow: true }) });
