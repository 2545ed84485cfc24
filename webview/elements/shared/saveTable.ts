import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { App } from '../../app.ts';
import { icon } from '../../icons.ts';
import type { Sheet } from '../../sheet.ts';
import { saveCsv } from '../../textFile.ts';

/**
 * The button that saves a table as CSV, with the rows as they are filtered and sorted. `name` is what the table is called and
 * what the file is named after; `sheet` runs when the button is pressed. What goes wrong is said to the person.
 */
export function saveTable(
  app: App,
  name: string,
  sheet: () => Sheet | Promise<Sheet>,
): TemplateResult {
  const label = t('Save {0} as CSV table', name);
  return html`<vscode-button
    appearance="icon"
    aria-label=${label}
    title=${label}
    @click=${() => void save(app, name, sheet)}
    >${icon('export')}</vscode-button
  >`;
}

async function save(app: App, name: string, sheet: () => Sheet | Promise<Sheet>): Promise<void> {
  try {
    saveCsv(app, name, await sheet());
  } catch (error) {
    const message = t('{0} could not be saved: {1}', name, messageOf(error));
    app.store.say({ level: 'error', message });
  }
}
