import { open } from 'node:fs/promises';
import type * as vscode from 'vscode';

const LOOK_EVERY_MS = 300;
const CHUNK_BYTES = 64 * 1024;

/** Appends what grows in a file to an output channel until `until` settles, and then the rest of it. */
export async function follow(
  path: string,
  channel: vscode.OutputChannel,
  until: Promise<unknown>,
): Promise<void> {
  const file = await open(path, 'r');
  const decoder = new TextDecoder();
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const state = { ended: false };
  const end = until.finally(() => (state.ended = true));
  try {
    for (let last = false; !last;) {
      last = state.ended;
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
        if (bytesRead === 0) break;
        channel.append(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
      }
      if (!last)
        await Promise.race([end, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
    }
  } finally {
    await file.close();
  }
}
