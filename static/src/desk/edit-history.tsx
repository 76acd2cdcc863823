/** Who edited what, when and why: loaded when it is opened. */

import { useState } from 'preact/hooks';
import { date, t, word } from '../language';
import type { Edit } from '../model';
import { Own } from './parts';

export function EditLine({ edit }: { edit: Edit }) {
  return (
    <>
      <b>{word(`edit_${edit.ruling}`, word(`ruling_${edit.ruling}`, edit.ruling))}</b> · <Own text={edit.author} /> · {date(edit.time)}
      {edit.reason && (
        <>
          {' '}
          “<bdi>{edit.reason}</bdi>”
        </>
      )}
    </>
  );
}

export function EditHistory({ load }: { load: () => Promise<{ rulings: Edit[] }> }) {
  const [edits, setEdits] = useState<Edit[] | 'failed' | null>(null);
  const toggle = (isOpen: boolean): void => {
    if (isOpen)
      load().then(
        ({ rulings }) => setEdits(rulings),
        () => setEdits('failed'),
      );
  };
  return (
    <details class="more edit-history" onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary>{t('rulingHistory')}</summary>
      {edits === null ? (
        <p class="empty">{t('loading')}</p>
      ) : edits === 'failed' ? (
        <p class="empty">{t('noAnswer')}</p>
      ) : (
        <ol class="rulings">
          {edits.map((edit) => (
            <li key={edit.id} class={edit.in_force === false ? 'past' : 'in-force'}>
              <EditLine edit={edit} />
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
