/** Texts of the server's operator: title, logo, imprint and first layers, from the head of the page. */

interface Operator {
  title?: string;
  logo?: { href: string };
  imprint?: string;
  /** True if analysts may add spellings and places of their own. */
  local_names?: boolean;
  layers?: string;
}

/** The operator's settings; none of them has to be set. */
export const operator: Operator = (() => {
  try {
    return JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="mahwar:operator"]')?.content ?? '{}') as Operator;
  } catch {
    return {};
  }
})();
