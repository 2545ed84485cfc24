const tasks = new Set<() => void>();
let watching = false;

/** Runs a synchronous task when this process ends, by a signal too. The result takes it back. */
export function atExit(task: () => void): () => void {
  if (!watching) watch();
  tasks.add(task);
  return () => tasks.delete(task);
}

function watch(): void {
  watching = true;
  process.once('exit', () => {
    // The last one first: a process before the folder it writes into.
    for (const task of [...tasks].reverse()) attempt(task);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
}

/** One that fails shall not keep the others from their work. */
function attempt(task: () => void): void {
  try {
    task();
  } catch (error) {
    console.error(error);
  }
}
