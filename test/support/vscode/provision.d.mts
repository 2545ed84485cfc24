export const usesDesktop: boolean;
export function hostsFolder(root: string): string;
export function provideHosts(root: string): Promise<string[]>;
