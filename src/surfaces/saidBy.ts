import type { ClientFrame, CommandName } from '../../service/protocol/frame.ts';

type CommandFrame = Extract<ClientFrame, { type: 'command' }>;

/** What is kept with the name of who did it. */
const NAMED: ReadonlySet<CommandName> = new Set<CommandName>([
  ...(['alert.acknowledge', 'alert.acknowledge_all', 'alert.unacknowledge'] as const),
  ...(['alert.clear_acknowledged', 'alert.resolve', 'job.remove'] as const),
  ...(['rule.set', 'rule.reset', 'channel.set', 'channel.reset'] as const),
  ...(['silence.set', 'silence.end', 'notification.send_again'] as const),
]);

/** A command of the page in the name of who uses this window, which the page itself cannot know. */
export function saidBy(frame: CommandFrame, by: () => string): CommandFrame {
  return NAMED.has(frame.command) ? ({ ...frame, by: by() } as CommandFrame) : frame;
}
