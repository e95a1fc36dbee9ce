/** Any name as one of few characters, and back: for folders and for indices of other programs. Knows nothing of what is named. */

/** Lower-case letters, digits and hyphens stay, all else becomes `_hex`: no name leaves its folder, and no two meet where case is ignored. */
export function toPlainName(name: string): string {
  return [...new TextEncoder().encode(name)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[a-z0-9-]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}

/** @param plain what `toPlainName` gave */
export function fromPlainName(plain: string): string {
  return decodeURIComponent(plain.replaceAll('_', '%'))
}
