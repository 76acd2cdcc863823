/** The figures of a claim as fields: number or range, what is counted, what happened to them, the bound. */

import { UNITS, unitNoun } from '../figures';
import { number, t, word } from '../language';
import type { Quantity } from '../model';

/** A figure as it is edited; `quote` are the words that it was read from. */
export interface FigureFields {
  value: string;
  upper: string;
  unit: string;
  role: string;
  bound: string;
  quote: { in?: 'title'; utf16: [number, number] } | null;
}

const ROLES = ['killed', 'wounded', 'kidnapped', 'displaced', 'arrested', 'returned', 'missing', 'freed', 'surrendered'] as const;
const BOUNDS = ['exact', 'about', 'at_least', 'at_most', 'more_than', 'vague'] as const;

export const figureOf = ({ value, upper, unit, role, bound, offsets, in: part }: Quantity): FigureFields => ({
  value: value === null ? '' : String(value),
  upper: upper === undefined || upper === null ? '' : String(upper),
  unit,
  role: role ?? '',
  bound,
  quote: { ...(part === 'title' && { in: 'title' as const }), utf16: offsets.utf16 },
});

/** A figure on one line: "3–5 persons killed". */
export const figureText = ({ value, upper, unit, role, bound }: FigureFields): string =>
  [
    bound === 'exact' ? '' : boundWords()[bound],
    [value, upper].filter(Boolean).map(inDigits).join('–'),
    unitNoun(unit),
    role && word(`role_${role}`, role),
  ]
    .filter(Boolean)
    .join(' ');

/** A typed number in the digits of the page. */
const inDigits = (text: string): string => (Number.isNaN(numberOf(text)) ? text : number(numberOf(text), 2));

const boundWords = (): Record<string, string> => ({
  exact: t('boundExact'),
  about: t('about'),
  at_least: t('atLeast'),
  at_most: t('atMost'),
  more_than: t('moreThan'),
  vague: t('boundVague'),
});

export const newFigure = (): FigureFields => ({ value: '', upper: '', unit: 'person', role: 'killed', bound: 'exact', quote: null });

const DIGITS = /[٠-٩۰-۹]/g;

/** A number as it is typed, in digits of three kinds. */
export const numberOf = (text: string): number => {
  const latin = text
    .trim()
    .replace(DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace('٫', '.')
    .replace(/[٬,\s]/g, '');
  return latin === '' ? NaN : Number(latin);
};

/** True for a figure that can be stored: a number or none, and a range the right way round. */
export function isValid({ value, upper, bound }: FigureFields): boolean {
  const [low, high] = [numberOf(value), numberOf(upper)];
  if (value.trim() === '') return upper.trim() === '' && bound === 'vague';
  if (!(low >= 0)) return false;
  return upper.trim() === '' || high >= low;
}

/** The members of a write. */
export const sentFigure = ({ value, upper, unit, role, bound, quote }: FigureFields): Record<string, unknown> => ({
  value: value.trim() === '' ? null : numberOf(value),
  ...(upper.trim() && { upper: numberOf(upper) }),
  unit,
  ...(role && { role }),
  bound,
  ...(quote && { quote }),
});

export function FiguresFields({ figures, onChange }: { figures: FigureFields[]; onChange: (figures: FigureFields[]) => void }) {
  const change = (at: number, part: Partial<FigureFields>): void =>
    onChange(figures.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const choice = (at: number, name: 'unit' | 'role' | 'bound', label: string, options: readonly (readonly [string, string])[]) => (
    <label class="field">
      <span>{label}</span>
      <select name={name} onChange={(event) => change(at, { [name]: event.currentTarget.value })}>
        {options.map(([value, words]) => (
          <option key={value} value={value} selected={figures[at]?.[name] === value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  const bounds = boundWords();
  return (
    <fieldset class="figure-fields">
      <legend>{t('field_quantities')}</legend>
      {figures.map((figure, at) => (
        <div class="figure-row" key={at} role="group" aria-label={`${t('figure')} ${at + 1}`}>
          <label class="field">
            <span>{t('figure')}</span>
            <input
              type="text"
              inputMode="decimal"
              dir="ltr"
              name="value"
              value={figure.value}
              aria-invalid={!isValid(figure)}
              onInput={(event) => change(at, { value: event.currentTarget.value })}
            />
          </label>
          <label class="field">
            <span>{t('figureUpTo')}</span>
            <input
              type="text"
              inputMode="decimal"
              dir="ltr"
              name="upper"
              value={figure.upper}
              onInput={(event) => change(at, { upper: event.currentTarget.value })}
            />
          </label>
          {choice(
            at,
            'bound',
            t('bound'),
            BOUNDS.map((of) => [of, bounds[of] ?? of] as const),
          )}
          {choice(
            at,
            'unit',
            t('unit'),
            [...new Set([...UNITS, figure.unit])].map((of) => [of, unitNoun(of)] as const),
          )}
          {choice(at, 'role', t('role'), [['', t('noRole')], ...ROLES.map((of) => [of, word(`role_${of}`, of)] as const)])}
          <button type="button" class="link remove-figure" onClick={() => onChange(figures.filter((_, index) => index !== at))}>
            {t('removeFigure')}
          </button>
        </div>
      ))}
      <button type="button" class="link add-figure" onClick={() => onChange([...figures, newFigure()])}>
        {t('addFigure')}
      </button>
    </fieldset>
  );
}
