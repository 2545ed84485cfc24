import { join } from 'node:path';
import { openSession } from '../vscode/session.ts';
import type { ThemeName } from '../vscode/settings.ts';
import { openContainer, screenshot, tree } from '../vscode/ui/index.ts';

const THEMES: ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

/** Workers in every state with tasks and queues, over the whole height of the side bar. */
const EVENTS = [
  { type: 'worker.registered', worker_id: 'gpu-1', kind: 'gpu', host: 'render-04' },
  { type: 'worker.heartbeat', worker_id: 'gpu-1', cpu_percent: 71, memory_mb: 11_200 },
  { type: 'worker.registered', worker_id: 'cpu-2', kind: 'cpu' },
  { type: 'worker.heartbeat', worker_id: 'cpu-2', cpu_percent: 12, memory_mb: 900 },
  { type: 'worker.stopped', worker_id: 'cpu-2' },
  { type: 'worker.registered', worker_id: 'cpu-3', kind: 'cpu' },
  ...['a', 'b', 'c'].flatMap((name) => [
    { type: 'task.started', task_id: `broken-${name}`, worker_id: 'cpu-3', queue: 'cpu' },
    {
      type: 'task.failed',
      task_id: `broken-${name}`,
      worker_id: 'cpu-3',
      error: { message: 'No row has a price', type: 'ValueError' },
    },
  ]),
  { type: 'task.submitted', task_id: 'frame-17', queue: 'gpu' },
  { type: 'task.started', task_id: 'frame-17', worker_id: 'gpu-1', queue: 'gpu' },
  { type: 'task.submitted', task_id: 'frame-18', queue: 'gpu' },
  { type: 'queue.sampled', queue: 'gpu', kind: 'gpu', pending: 12, oldest_wait_ms: 41_000 },
];

/** The Workers view of the installed extension, in four themes. */
export async function workersPictures(folder: string): Promise<void> {
  const session = await openSession({ viewport: { width: 1100, height: 700 } });
  const { page } = session;
  try {
    await openContainer(page, 'Pipescope');
    await session.host.eval(
      (id, { commands }) => commands.executeCommand(`${id}.focus`),
      'pipescope.workers',
    );
    await session.service();
    for (const other of ['Jobs', 'Alerts'])
      await page.locator('.pane-header', { hasText: other }).click();
    await session.postEvents(EVENTS);
    for (const name of ['gpu-1', 'cpu-3']) await tree.expand(page, name, 'Workers');
    for (const theme of THEMES) {
      await session.setTheme(theme);
      await page.waitForTimeout(700);
      const file = join(folder, `vscode-workers-${theme}.png`);
      await screenshot(page, file);
      console.log(file);
    }
  } finally {
    await session.close();
  }
}
