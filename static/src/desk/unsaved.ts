/** A text that was typed or pasted and is stored nowhere: leaving the page asks first. */

let isUnsaved = false;

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Says whether there is something that a reload would lose. */
export function setUnsaved(unsaved: boolean): void {
  if (unsaved === isUnsaved) return;
  isUnsaved = unsaved;
  if (unsaved) addEventListener('beforeunload', ask);
  else removeEventListener('beforeunload', ask);
}
