import { DefaultDeserializer, serialize } from 'node:v8';
import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { findUnserialisable } from './unserialisable.js';

/** Bytes of whatever a structured clone carries. `where` and `name` say in an error whose value it is, and what it is. */
export function serialise(value: unknown, where: string, name = 'result'): Buffer {
  try {
    return serialize(value);
  } catch (error) {
    throw notSerialisable(value, where, name, error);
  }
}

function notSerialisable(value: unknown, where: string, name: string, cause: unknown): WattloopError {
  const prefix = where === '' ? '' : `${where}: `;
  if (cause instanceof RangeError) {
    return new WattloopError(
      ErrorCode.notSerialisable,
      `${prefix}${name} is nested too deeply to be stored`,
      {
        remedy: 'Return a list of its parts instead of parts within parts',
        cause,
      },
    );
  }
  const found = findUnserialisable(value);
  const message = found
    ? `${prefix}${name}${found.path} is ${found.what}, which can't be stored`
    : `${prefix}${name} can't be stored: ${messageOf(cause)}`;
  return new WattloopError(ErrorCode.notSerialisable, message, {
    cause,
    ...(found ? { remedy: found.remedy } : {}),
  });
}

/** Gives typed arrays memory of their own, as they had it: else `array.buffer` would be all that was read. */
class Deserialiser extends DefaultDeserializer {
  _readHostObject(): unknown {
    // Node.js defines it for its subclasses to call and override.
    const view: unknown = Object.getPrototypeOf(Deserialiser.prototype)._readHostObject.call(this);
    if (!ArrayBuffer.isView(view) || Buffer.isBuffer(view)) return view;
    if (view instanceof DataView) {
      const { buffer, byteOffset, byteLength } = view;
      return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
    }
    return (view as Uint8Array).slice();
  }
}

/** What `serialise` made bytes of. Throws what V8 throws where they are no such bytes. */
export function deserialise(bytes: Uint8Array): unknown {
  const reader = new Deserialiser(bytes);
  reader.readHeader();
  return reader.readValue();
}
