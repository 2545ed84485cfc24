import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { exactTime, relativeTime } from '../../../service/protocol/describe.ts';
import { icon, type IconName } from '../../icons.ts';
import type { Content } from '../shared/region.ts';
import { severityLabel } from '../shared/status.ts';
import { details, stateOf } from './details.ts';
import { type AlertRow, cutText } from './row.ts';
import { measured } from './list.ts';

export function alertRow(row: AlertRow): TemplateResult {
  const { alert, index, total, opened } = row;
  return html`<li
    class="alert ${alert.severity}"
    data-row=${index}
    aria-setsize=${total}
    aria-posinset=${index + 1}
  >
    <div class="line">
      ${row.picked === undefined ? nothing : pickBox(row, row.picked)}
      <div class="facts">
        <button
          class="plain head"
          tabindex=${row.active ? '0' : '-1'}
          aria-expanded=${opened ? 'true' : 'false'}
          @click=${row.toggle}
        >
          ${icon(opened ? 'chevronDown' : 'chevronRight')}${severityLabel(alert.severity)}
          <strong class="cut" title=${cutText(alert.title)}
            ><bdi>${cutText(alert.title)}</bdi></strong
          >
        </button>
        <div class="description cut"><bdi>${cutText(alert.description)}</bdi>&nbsp;</div>
        <div class="caption cut">${captionOf(row)}</div>
      </div>
      <div class="does">${actionsOf(row)}</div>
    </div>
    ${opened ? details(row) : nothing}
  </li>`;
}

function pickBox(row: AlertRow, picked: boolean): TemplateResult {
  const label = t('Select {0}', cutText(row.alert.title));
  return html`<input
    type="checkbox"
    tabindex=${row.active ? '0' : '-1'}
    aria-label=${label}
    title=${label}
    .checked=${picked}
    @change=${(event: Event) => row.pick((event.currentTarget as HTMLInputElement).checked)}
  />`;
}

function actionsOf(row: AlertRow): Content {
  const { alert } = row;
  if (!alert.active) return nothing;
  const title = cutText(alert.title);
  const open = !alert.acknowledged;
  return html`${action(
    open
      ? {
          ...{ label: t('Acknowledge {0}', title), hint: t('Acknowledge'), does: row.acknowledge },
          ...{ word: t('Acknowledge'), sign: 'check' },
        }
      : {
          ...{ label: t('Take the acknowledgement of {0} back', title), does: row.unacknowledge },
          ...{ hint: t('Take the acknowledgement back'), word: t('Unacknowledge') },
          ...{ sign: 'close' },
        },
  )}${action({
    ...{ label: t('Acknowledge with a note: {0}', title), does: row.note, sign: 'note' },
    ...{ hint: t('Note, and how long the acknowledgement counts'), word: t('Note') },
  })}${action({
    ...{ label: t('Resolve {0}', title), hint: t('Say that it is over'), does: row.resolve },
    ...{ word: t('Resolve'), sign: 'pass' },
  })}`;
}

interface Action {
  label: string;
  hint: string;
  word: string;
  sign: IconName;
  does: () => void;
}

function action({ label, hint, word, sign, does }: Action): TemplateResult {
  return html`<vscode-button
    class=${sign}
    appearance="secondary"
    aria-label=${label}
    title=${hint}
    @click=${does}
    >${icon(sign)}<bdi class="word">&nbsp;${word}</bdi></vscode-button
  >`;
}

function captionOf(row: AlertRow): TemplateResult {
  const { alert, now } = row;
  const value = measured(alert);
  return html`${value === '' ? nothing : html`<span class="number">${value}</span> · `}<span
      title=${exactTime(alert.raised_at)}
      >${relativeTime(alert.raised_at, now)}</span
    >${jobLink(row)}${stateOf(alert, now)}`;
}

function jobLink({ alert: { job_id, phase_id }, jobName, show }: AlertRow): Content {
  if (job_id === null) return nothing;
  const text = phase_id === null ? jobName : `${jobName}, ${phase_id}`;
  return html` ·
    <button class="plain link" title=${t('Show this job')} @click=${show}>
      <bdi>${cutText(text)}</bdi>
    </button>`;
}
