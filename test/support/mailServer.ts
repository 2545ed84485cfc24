/** A real SMTP server that keeps the mails it gets. */
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { tlsFixture } from './receiver.ts';

export interface ReceivedMail {
  raw: string;
  from: string;
  to: string[];
  /** Whether it came over TLS, and who gave it. */
  secure: boolean;
  user: string | undefined;
  parsed: ParsedMail;
}

export interface MailServer {
  port: number;
  mails: ReceivedMail[];
}

export const MAIL_USER = { user: 'ops', pass: 'correct horse battery' };

/** In a `describe`: mail servers that end after each test. They ask for a password and offer STARTTLS by default. */
export function useMailServers(): (options?: SMTPServerOptions) => Promise<MailServer> {
  const open: SMTPServer[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await new Promise<void>((resolve) => one.close(resolve));
  });
  return async (options = {}) => {
    const mails: ReceivedMail[] = [];
    const server = new SMTPServer({
      ...tlsFixture('server'),
      closeTimeout: 100,
      onAuth: ({ username, password }, _session, done) => {
        if (username === MAIL_USER.user && password === MAIL_USER.pass)
          done(null, { user: username });
        else done(new Error('No such user'));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          const { mailFrom, rcptTo } = session.envelope;
          void simpleParser(raw).then((parsed) => {
            mails.push({
              ...{ raw, parsed, secure: session.secure },
              from: mailFrom ? mailFrom.address : '',
              to: rcptTo.map(({ address }) => address),
              user: session.user as string | undefined,
            });
            done(null, 'Queued as 42');
          });
        });
      },
      ...options,
    });
    // A client that ends a connection in the middle is what some tests are about.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    return { mails, port: (server.server.address() as AddressInfo).port };
  };
}
