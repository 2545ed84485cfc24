import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { MOST_COMPARED } from '../../../service/protocol/compareMeasures.ts';
import { count } from '../../../service/protocol/describe.ts';
import { numeral } from '../../../service/protocol/intl.ts';
import { icon } from '../../icons.ts';
import type { Content } from '../shared/region.ts';

/** An export that is under way. */
export interface Exporting {
  done: number;
  total: number;
  abort: AbortController;
}

interface Actions {
  /** How many runs are ticked. */
  picked: number;
  exporting: Exporting | null;
  unpick: () => void;
  compare: () => void;
  exportAll: () => void;
}

/** What can be done with the runs of the table. */
export function actions({ picked, exporting, unpick, compare, exportAll }: Actions): Content {
  return html`${picked === 0 ? nothing : secondary(unpick, t('Unpick All'))}
    <vscode-button
      ?disabled=${picked < 2 || picked > MOST_COMPARED}
      title=${t('Tick two to {0} runs in the table', MOST_COMPARED)}
      @click=${compare}
      >${icon('gitCompare')}&nbsp;${picked === 0 ? t('Compare') : count(picked, t('Compare {0} run'), t('Compare {0} runs'))}</vscode-button
    >
    ${
      exporting === null
        ? secondary(exportAll, html`${icon('export')}&nbsp;${t('Export as CSV')}`)
        : progress(exporting)
    }`;
}

function progress({ done, total, abort }: Exporting): TemplateResult {
  return html`<span class="caption number" role="status"
      >${t('{0} of {1} runs', numeral(done), numeral(total))}</span
    >
    ${secondary(() => abort.abort(), t('Cancel'))}`;
}

function secondary(run: () => void, content: string | TemplateResult): TemplateResult {
  return html`<vscode-button appearance="secondary" @click=${run}>${content}</vscode-button>`;
}
