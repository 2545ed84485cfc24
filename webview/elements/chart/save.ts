import { t } from '@vscode/l10n';
import { messageOf } from '../../../service/protocol/errors.ts';
import type { App } from '../../app.ts';
import type { Titled } from '../../charts/file.ts';
import type { ChartFormat } from '../../charts/format.ts';
import type { Drawn, Paper } from '../../report/drawn.ts';

/** Makes the file and hands it to the page's home to save; why that failed is said to the person. */
export async function saveChart(app: App, format: ChartFormat, titled: Titled): Promise<void> {
  try {
    const { chartFile } = await import('../../charts/file.ts');
    const file = chartFile(format, titled, app.clock.now());
    app.session.request({ type: 'host', action: 'save_file', ...file });
  } catch (error) {
    const message = t('{0} could not be saved: {1}', titled.name, messageOf(error));
    app.store.say({ level: 'error', message });
  }
}

/** For a report: the drawing as its SVG file is, and the table. */
export async function chartDrawn(titled: Titled, paper: Paper): Promise<Drawn> {
  const [{ svgText }, { tableOf }] = await Promise.all([
    import('../../charts/file.ts'),
    import('../../charts/table.ts'),
  ]);
  return { name: titled.name, svg: svgText(titled, paper), table: tableOf(titled.spec) };
}
