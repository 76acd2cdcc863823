/** Words of a document: selected with the pointer, or typed and found, so that it works with the keyboard alone. */

import { useEffect, useState } from 'preact/hooks';
import { isolated, t } from '../language';
import { lettersOf } from '../marked-text';
import type { Evidence } from '../model';
import { occurrences, selected$, type Span } from './selected-words';

const keyOf = ({ in: part, start, end }: Span): string => `${part} ${start} ${end}`;

export function QuotePicker({
  evidence,
  value,
  onChange,
}: {
  evidence: Evidence;
  value: Span | null;
  onChange: (span: Span | null) => void;
}) {
  const [text, setText] = useState(value?.text ?? '');
  useEffect(() => {
    if (value && value.text !== text) setText(value.text);
  }, [value && keyOf(value)]);
  const wanted = text.trim();
  const found = (['text', 'title'] as const).flatMap((part) => occurrences(lettersOf(evidence, part), part, wanted));
  const selected = selected$.value;
  const type = (next: string): void => {
    setText(next);
    const [first = null] = (['text', 'title'] as const).flatMap((part) => occurrences(lettersOf(evidence, part), part, next.trim()));
    onChange(first);
  };
  return (
    <div class="quote-picker">
      <label class="field">
        <span>{t('wordsOfDocument')}</span>
        <textarea
          name="quote"
          rows={2}
          dir="auto"
          value={text}
          aria-invalid={wanted !== '' && found.length === 0}
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      {selected && (!value || keyOf(selected) !== keyOf(value)) && (
        <button type="button" class="link take-selected" onClick={() => (setText(selected.text), onChange(selected))}>
          {t('takeSelected', { words: isolated(selected.text.slice(0, 60)) })}
        </button>
      )}
      {wanted !== '' && found.length === 0 && (
        <p class="wrong" role="alert">
          {t('wordsNotThere')}
        </p>
      )}
      {found.length > 1 && (
        <label class="field">
          <span>{t('whichOccurrence')}</span>
          <select
            name="occurrence"
            dir="auto"
            onChange={(event) => onChange(found.find((span) => keyOf(span) === event.currentTarget.value) ?? null)}
          >
            {found.map((span) => (
              <option key={keyOf(span)} value={keyOf(span)} selected={value !== null && keyOf(span) === keyOf(value)}>
                {span.around}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
