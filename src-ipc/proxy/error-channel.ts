import { HelpResult, RpcFailure, TypeFailure } from '../../src-interfaces/errors.js';
import type { StructBuilder, StructReader } from '../capnp/wire/index.js';

/** A result field that is not null if the method threw a certain kind of error. */
export interface ErrorChannel {
  /** The field's name. */
  readonly field: string;
  /** It catches every error that no other channel does. */
  readonly isGeneral: boolean;
  catches(error: Error): boolean;
  /** The thrown error; undefined if the field is null. */
  read(from: StructReader): Error | undefined;
  write(to: StructBuilder, error: Error): void;
}

/** The message of any error, in a Text. */
export function errorText(index: number): ErrorChannel {
  return textChannel(
    'error',
    index,
    true,
    () => true,
    (error) => error.message,
    (text) => new Error(text),
  );
}

/** An RpcFailure, as its JSON in a Text. */
export function rpcFailure(index: number): ErrorChannel {
  return textChannel(
    'rpcError',
    index,
    false,
    (error) => error instanceof RpcFailure,
    (error) => (error instanceof RpcFailure ? error.json : error.message),
    (text) => new RpcFailure(text),
  );
}

/** The message of a TypeFailure, in a Text. */
export function typeFailure(index: number): ErrorChannel {
  return textChannel(
    'typeError',
    index,
    false,
    (error) => error instanceof TypeFailure,
    (error) => error.message,
    (text) => new TypeFailure(text),
  );
}

/** The message of a HelpResult, in a struct with one Text. */
export function helpResult(index: number): ErrorChannel {
  return {
    field: 'helpResult',
    isGeneral: false,
    catches: (error) => error instanceof HelpResult,
    read: (from) => (from.has(index) ? new HelpResult(from.getStruct(index).getText(0)) : undefined),
    write(to, error) {
      to.initStruct(index, { dataWords: 0, pointers: 1 }).setText(0, error.message);
    },
  };
}

function textChannel(
  field: string,
  index: number,
  isGeneral: boolean,
  catches: (error: Error) => boolean,
  textOf: (error: Error) => string,
  errorOf: (text: string) => Error,
): ErrorChannel {
  return {
    field,
    isGeneral,
    catches,
    read: (from) => (from.has(index) ? errorOf(from.getText(index)) : undefined),
    write(to, error) {
      to.setText(index, textOf(error));
    },
  };
}

/** The channel that carries an error: one for its class, or else the general one. */
export function channelFor(error: Error, channels: readonly ErrorChannel[]): ErrorChannel | undefined {
  return (
    channels.find((channel) => !channel.isGeneral && channel.catches(error)) ??
    channels.find((channel) => channel.isGeneral)
  );
}
