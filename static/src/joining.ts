/** Joining marks that would cover each other. Pure. */

export interface Mark {
  id: string;
  /** Pixels. */
  x: number;
  y: number;
  count: number;
}

/** A mark with those that it represents, itself first. */
export interface Cluster {
  head: Mark;
  members: Mark[];
  count: number;
}

/** Joins marks that overlap; the first marks keep their place. */
export function join(marks: readonly Mark[], radius: (count: number) => number): Cluster[] {
  let clusters: Cluster[] = marks.map((head) => ({ head, members: [head], count: head.count }));
  // A joined mark is larger and may reach others.
  for (let round = 0; round < 6; round++) {
    const kept: Cluster[] = [];
    let joined = false;
    for (const cluster of clusters) {
      const reach = radius(cluster.count);
      const near = kept.find(({ head, count }) => Math.hypot(head.x - cluster.head.x, head.y - cluster.head.y) < radius(count) + reach);
      if (!near) kept.push({ ...cluster, members: [...cluster.members] });
      else {
        near.members.push(...cluster.members);
        near.count += cluster.count;
        joined = true;
      }
    }
    clusters = kept;
    if (!joined) break;
  }
  return clusters;
}
