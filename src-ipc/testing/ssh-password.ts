/** A password for this account that only one sshd knows: the machine's own files stay as they are. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** How the password is asked for: by OpenSSH, or by the other computer in its own words. */
export type PasswordMethod = 'password' | 'keyboard-interactive';

/** Why sshd cannot have files of its own; undefined when it can. */
export function sshPasswordObstacle(): string | undefined {
  const isAllowed = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
  return isAllowed ? undefined : 'needs Linux and the right to make a mount namespace';
}

/** Puts the files of its arguments in the place of the machine's, for the command that follows them alone. */
const WITH_FILES = 'mount --bind "$1" /etc/shadow && mount --bind "$2" /etc/pam.d/sshd && shift 2 && exec "$@"';

/** Words to put before the command line of an sshd to which this account has a password. */
export function passwordCommand(directory: string, password: string): readonly string[] {
  const [shadow, pam] = [join(directory, 'shadow'), join(directory, 'pam')];
  const hash = execFileSync('perl', ['-e', 'print crypt($ARGV[0], q($6$bulkhead$))', password], { encoding: 'utf8' });
  writeFileSync(shadow, `${userInfo().username}:${hash}:20000:0:99999:7:::\n`, { mode: 0o600 });
  writeFileSync(pam, 'auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n');
  return ['unshare', '--mount', '/bin/sh', '-c', WITH_FILES, 'sh', shadow, pam];
}

/** Lines of sshd_config for a server that lets nobody in without the password. */
export function passwordConfiguration(method: PasswordMethod): readonly string[] {
  const isPassword = method === 'password';
  return [
    'PermitRootLogin yes',
    'PubkeyAuthentication no',
    `PasswordAuthentication ${isPassword ? 'yes' : 'no'}`,
    `KbdInteractiveAuthentication ${isPassword ? 'no' : 'yes'}`,
    `UsePAM ${isPassword ? 'no' : 'yes'}`,
  ];
}
