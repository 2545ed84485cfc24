/** CPU and memory of a process and all that descend from it: /proc on Linux, systeminformation elsewhere. */
import { readFile, readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import si from 'systeminformation';
import { pageBytes } from './pageSize.ts';

export interface ProcessInfo {
  pid: number;
  parent: number;
  /** CPU time so far, milliseconds. */
  cpu_ms: number;
  /** CPU time of ended children that it has waited for, milliseconds; 0 where the platform does not tell. */
  waited_ms: number;
  /** Resident memory, MB. */
  memory_mb: number;
  /** When it started, in a unit of the platform's own: tells a process from a later one with the same pid. */
  started: string;
}

/** A snapshot of all processes of the machine that may be read. */
export function listProcesses(): Promise<ProcessInfo[]> {
  return process.platform === 'linux' ? listFromProc() : listFromSystem();
}

/** The processes of the tree below `root`, itself included; empty when it is gone. */
export function treeOf(processes: readonly ProcessInfo[], root: number): ProcessInfo[] {
  const children = new Map<number, ProcessInfo[]>();
  for (const info of processes) {
    const siblings = children.get(info.parent);
    if (siblings) siblings.push(info);
    else children.set(info.parent, [info]);
  }
  const tree = processes.filter((info) => info.pid === root);
  // A snapshot is not taken in one moment: with a pid used again in between, parents may form a circle.
  const seen = new Set([root]);
  for (const info of tree) {
    for (const child of children.get(info.pid) ?? []) {
      if (seen.has(child.pid)) continue;
      seen.add(child.pid);
      tree.push(child);
    }
  }
  return tree;
}

/** USER_HZ: clock ticks a second in /proc/<pid>/stat; 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const MB = 1024 * 1024;

async function listFromProc(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const infos = await Promise.all(pids.map(readStat));
  return infos.filter((info) => info !== null);
}

async function readStat(pid: string): Promise<ProcessInfo | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
  return parseStat(stat);
}

/** One line of /proc/<pid>/stat (proc(5)); the command name in parentheses may hold anything. Null for other text. */
export function parseStat(stat: string): ProcessInfo | null {
  const pid = Number.parseInt(stat, 10);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field - 3]);
  const info = {
    pid,
    parent: at(4),
    cpu_ms: ((at(14) + at(15)) * 1000) / TICKS_A_SECOND,
    waited_ms: ((at(16) + at(17)) * 1000) / TICKS_A_SECOND,
    memory_mb: (at(24) * pageBytes()) / MB,
    started: fields[22 - 3] ?? '',
  };
  const { started: _, ...numbers } = info;
  return Object.values(numbers).every(Number.isFinite) ? info : null;
}

/** systeminformation gives CPU as percent since the process began or the last call; here it is made a time. */
async function listFromSystem(): Promise<ProcessInfo[]> {
  const { list } = await si.processes();
  return list.map((info) => ({
    pid: info.pid,
    parent: info.parentPid,
    cpu_ms: (info.cpu / 100) * cpus().length * (Date.now() - Date.parse(info.started)) || 0,
    waited_ms: 0,
    memory_mb: info.memRss / 1024,
    started: info.started,
  }));
}
