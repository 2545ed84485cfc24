import assert from 'node:assert/strict';
import { needsVscode } from '../support/skip.ts';
import { openSession, type Session } from '../support/vscode/session.ts';
import { notifications, openContainer, tree } from '../support/vscode/ui/index.ts';
import { statusReads } from './support/pipescope.ts';

describe('Pipescope in a VS Code that speaks German', function () {
  needsVscode();
  this.timeout(60_000);
  let session: Session;
  before(async () => {
    session = await openSession({ locale: 'de' });
  });
  after(() => session?.close());

  it('says in German that the service is off, from the first moment', async () => {
    await statusReads(session.page, {
      text: /^Pipescope aus$/,
      name: /Der Pipescope-Dienst ist aus\. Klicken Sie, um ihn zu starten\./,
    });
  });

  it('says in German what to do next, by the texts of the manifest', async () => {
    await openContainer(session.page, 'Pipescope');
    const welcome = session.page.locator('.part.sidebar .welcome-view-content');
    await welcome.getByText('Noch keine Pipeline hat etwas gemeldet.', { exact: true }).waitFor();
    await welcome.getByText('Demopipeline ausführen', { exact: true }).waitFor();
  });

  it('tells in German of a job that fails', async () => {
    await session.service();
    const job = { job_id: 'j', name: 'nightly' };
    await session.postEvents([
      { type: 'job.started', ...job },
      { type: 'phase.started', job_id: 'j', phase_id: 'P00', name: 'Import' },
      { type: 'phase.failed', job_id: 'j', phase_id: 'P00', error: { message: 'no disk' } },
      { type: 'job.failed', ...job, error: { message: 'no disk' } },
    ]);
    const said = 'Phase P00 Import von nightly ist fehlgeschlagen: no disk.';
    await notifications.toast(session.page, said).waitFor();
    await tree.row(session.page, 'nightly').waitFor();
    const [row] = await tree.read(session.page, 'Jobs');
    assert.match(row?.description ?? '', /^fehlgeschlagen bei P00 · .+ · (gerade eben|vor .+)/);
    await statusReads(session.page, { text: /^1 fehlgeschlagen$/ });
    await notifications.click(session.page, said, 'Bestätigen');
    await statusReads(session.page, { text: /^Pipescope$/ });
  });
});
