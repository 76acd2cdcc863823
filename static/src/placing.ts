/** Places names beside their marks: below, above, to the right or to the left, where they cover neither a mark nor a name. */

/** A mark on the screen with a name that wants a place; lengths in pixels, y downwards. */
export interface Mark {
  id: string;
  x: number;
  y: number;
  radius: number;
  /** Size of the name. */
  width: number;
  height: number;
}

export type Side = 'below' | 'above' | 'right' | 'left';
/** Pixels that names keep from each other. */
const PAD = 3;
const SIDES: readonly Side[] = ['below', 'above', 'right', 'left'];

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** How far the middle of a name is from the middle of its mark, to the right and down. */
export function offset(side: Side, { radius, width, height }: Pick<Mark, 'radius' | 'width' | 'height'>): [number, number] {
  const [across, down] = [radius + width / 2 + 4, radius + height / 2 + 2];
  return { below: [0, down], above: [0, -down - 3], right: [across, 0], left: [-across, 0] }[side] as [number, number];
}

/** A side for each name, the first marks first; a name that does not fit has none. */
export function sides(marks: readonly Mark[]): Map<string, Side> {
  const taken: Box[] = marks.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  const found = new Map<string, Side>();
  marks.forEach((mark, own) => {
    for (const side of SIDES) {
      const box = boxOf(mark, side);
      if (taken.some((other, index) => index !== own && meets(box, other))) continue;
      found.set(mark.id, side);
      taken.push(box);
      return;
    }
  });
  return found;
}

function boxOf(mark: Mark, side: Side): Box {
  const [dx, dy] = offset(side, mark);
  const [x, y] = [mark.x + dx, mark.y + dy];
  const [across, down] = [mark.width / 2 + PAD, mark.height / 2 + PAD];
  return { left: x - across, right: x + across, top: y - down, bottom: y + down };
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
