/** What a command is about: a row of a tree, or what another program names. */
export interface Target {
  jobId?: string;
  phaseId?: string;
  alertId?: string;
  workerId?: string;
  taskId?: string;
}
