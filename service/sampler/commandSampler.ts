/** Samples the process tree of one command, from beside it. */
import { availableParallelism } from 'node:os';
import { listProcesses } from './processTree.ts';
import { TreeMeter, type Usage } from './treeMeter.ts';

const FIRST_MS = 1000;
const INTERVAL_MS = 5000;

type UsageListener = (usage: Pick<Usage, 'cpu_percent' | 'memory_mb'>) => void;

export interface CommandSampler {
  onUsage(listener: UsageListener): void;
  close(): void;
}

/** Looks once a second at first, so that short commands are seen, then every 5 s, until `close`. */
export function startSampling(pid: number): CommandSampler {
  const meter = new TreeMeter(pid, availableParallelism());
  let listener: UsageListener = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  let looks = 0;
  const look = async (): Promise<void> => {
    // A machine that shows no processes has no samples: the command is not bothered with it.
    const processes = await listProcesses().catch(() => []);
    if (looks < 0) return;
    const warm = meter.isWarm;
    const usage = meter.look(processes, performance.now());
    if (usage && warm) listener({ cpu_percent: usage.cpu_percent, memory_mb: usage.memory_mb });
    timer = setTimeout(() => void look(), looks++ < 5 ? FIRST_MS : INTERVAL_MS);
  };
  void look();
  return {
    onUsage: (next) => (listener = next),
    close: () => {
      looks = -1;
      clearTimeout(timer);
    },
  };
}
