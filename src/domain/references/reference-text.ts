import { cut } from '../common/text.js';
import { showAddress } from './address.js';

/** A value as `--why` shows it: at most 300 characters, and no secret of an address in it. */
export function shownValue(text: string): string {
  return withoutSecrets(text.length <= 300 ? text : `${cut(text, 300)}…`);
}

/** Presigned addresses hold a signature that anybody can use, and others a user and password. */
function withoutSecrets(text: string): string {
  return text
    .replace(/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>\\]{1,300}/gi, (address) =>
      /[?#@]/.test(address) ? showAddress(address) : address,
    )
    .replace(/((?:signature|credential|security-token|accesskeyid)=)[^&\s"']{1,300}/gi, '$1…');
}
