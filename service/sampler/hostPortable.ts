/** This machine as macOS and Windows tell it: Node's own counters at every tick, systeminformation for what is dear. */
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import si from 'systeminformation';
import type { HostPart } from './hostMetrics.ts';
import type { CpuTicks } from './hostProc.ts';
import { CpuWindow } from './hostRates.ts';

const MB = 1024 * 1024;
/** Each of these starts a program on most platforms. */
const DEAR_MS = 10_000;
const PROCESSES_MS = 60_000;

export function portableParts(): HostPart[] {
  return [cpuPart(), memoryPart(), loadPart(), ...systemParts()];
}

/** Node counts milliseconds of each core; a tick is 10 of them. */
function ticksNow(): CpuTicks {
  const sum = { user: 0, system: 0, iowait: 0, steal: 0, idle: 0, total: 0 };
  for (const { times } of cpus()) {
    sum.user += (times.user + times.nice) / 10;
    sum.system += (times.sys + times.irq) / 10;
    sum.idle += times.idle / 10;
  }
  return { ...sum, total: sum.user + sum.system + sum.idle };
}

function cpuPart(): HostPart {
  const window = new CpuWindow();
  return {
    name: 'CPU use',
    everyMs: 0,
    take: () => {
      const shares = window.add(ticksNow());
      return {
        cpu_percent: shares?.busy ?? null,
        host_cpu_user_percent: shares?.user ?? null,
        host_cpu_system_percent: shares?.system ?? null,
      };
    },
  };
}

function memoryPart(): HostPart {
  return {
    name: 'memory',
    everyMs: 0,
    take: () => {
      const [total, free] = [totalmem() / MB, freemem() / MB];
      return {
        memory_mb: total - free,
        host_memory_percent: ((total - free) / total) * 100,
        host_memory_free_mb: free,
      };
    },
  };
}

/** Windows has no load: Node tells zeros there, which would be a lie. */
function loadPart(): HostPart {
  return {
    name: 'load',
    everyMs: 1000,
    take: () => {
      if (process.platform === 'win32') return {};
      const [host_load_1, host_load_5, host_load_15] = loadavg();
      return {
        host_load_1: host_load_1 ?? null,
        host_load_5: host_load_5 ?? null,
        host_load_15: host_load_15 ?? null,
      };
    },
  };
}

/** Rates are since the last call; systeminformation keeps the counters. */
function systemParts(): HostPart[] {
  return [
    {
      name: 'memory in detail',
      everyMs: DEAR_MS,
      take: async () => {
        const { available, cached, swapused } = await si.mem();
        return {
          host_memory_available_mb: available / MB,
          host_memory_cached_mb: cached / MB,
          host_swap_used_mb: swapused / MB,
        };
      },
    },
    {
      name: 'network traffic',
      everyMs: DEAR_MS,
      take: async () => {
        const cards = await si.networkStats('*');
        return { net_in_mb_s: sumOf(cards, 'rx_sec'), net_out_mb_s: sumOf(cards, 'tx_sec') };
      },
    },
    {
      name: 'disk traffic',
      everyMs: DEAR_MS,
      take: async () => {
        const { rx_sec, wx_sec } = await si.fsStats();
        return { disk_read_mb_s: toMb(rx_sec), disk_write_mb_s: toMb(wx_sec) };
      },
    },
    {
      name: 'list of processes',
      everyMs: PROCESSES_MS,
      take: async () => {
        const { all, running, blocked } = await si.processes();
        return {
          host_processes: all,
          host_processes_running: running,
          host_processes_blocked: blocked,
        };
      },
    },
  ];
}

function toMb(bytes: number | null): number | null {
  return bytes === null ? null : Math.max(0, bytes) / MB;
}

/** MB a second of all cards; null at the first call, which knows no rates yet. */
function sumOf(
  cards: readonly Record<'rx_sec' | 'tx_sec', number | null>[],
  field: 'rx_sec' | 'tx_sec',
): number | null {
  const rates = cards.map((card) => card[field]).filter((rate) => rate !== null);
  return rates.length === 0 ? null : toMb(rates.reduce((all, rate) => all + rate, 0));
}
