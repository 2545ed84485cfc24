import { Type } from '@sinclair/typebox';
import { ProductError } from '../../protocol/errors.ts';
import { archivePieces } from '../../storage/archive.ts';
import { takeSnapshot } from '../../storage/snapshot.ts';
import type { Monitor } from '../../monitor.ts';
import { Answer, type Route, route } from '../route.ts';

export function backupRoutes(monitor: Monitor): Route[] {
  let running = false;

  /** The snapshot is taken when the first byte is wanted, and let go whatever ends it. */
  async function* backup(now: Date): AsyncGenerator<Buffer, void, undefined> {
    if (running) throw new ProductError('BACKUP_RUNNING');
    running = true;
    try {
      const snapshot = await monitor.paused((segments) =>
        takeSnapshot(monitor.settings.config.data_dir, segments),
      );
      try {
        yield* archivePieces(snapshot.files, now.toISOString());
      } finally {
        await snapshot.remove();
      }
    } finally {
      running = false;
    }
  }

  return [
    route({
      path: '/api/v1/backup',
      summary:
        'The data directory as it is now, as a gzipped tar file for `pipescope restore`. Without the access tokens.',
      produces: ['application/gzip'],
      response: Type.String(),
      fails: ['BACKUP_RUNNING'],
      handle: () => {
        const now = new Date();
        const day = now.toISOString().slice(0, 19).replaceAll(':', '');
        const headers = {
          'content-disposition': `attachment; filename="pipescope-${day}.tar.gz"`,
        };
        return new Answer(backup(now), { type: 'application/gzip', headers });
      },
    }),
  ];
}
