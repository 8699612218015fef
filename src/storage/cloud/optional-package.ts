import { ErrorCode, messageOf, systemCode, WattloopError } from '../../base/index.js';

/** A provider's client, which only its users install. */
export async function optionalPackage<Module>(
  load: () => Promise<Module>,
  backend: string,
  packages: readonly string[],
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = systemCode(error);
    const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const reason = isAbsent ? 'is not installed' : `can't be loaded: ${messageOf(error)}`;
    throw new WattloopError(
      ErrorCode.badConfiguration,
      `The storage backend ${backend} needs ${packages.join(' and ')}, which ${reason}`,
      { remedy: `npm install ${packages.join(' ')}`, cause: error },
    );
  }
}

/** A setting that the backend can't do without. */
export function required(value: string | undefined, setting: string): string {
  if (value !== undefined && value !== '') return value;
  throw new WattloopError(ErrorCode.badConfiguration, `${setting} is not set`, {
    remedy: `Set ${setting}, or choose another storage.backend`,
  });
}
