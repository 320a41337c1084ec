/** Unspent outputs and broadcasting through `gettxout`, `testmempoolaccept` and `sendrawtransaction`. */
import { fromHex, hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { serializeCoin } from '../../src-bitcoin/coin.js';
import { readOutpoint } from '../../src-bitcoin/primitives/transaction.js';
import { TransactionError } from '../../src-interfaces/enums.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { isJsonObject } from '../../src-interfaces/json/json.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import { asAmount, asArray, asInteger, asObject, asString } from '../../src-interfaces/rpc/values.js';
import { member } from './chain-facts.js';
import type { RpcCaller } from './rpc-caller.js';

/** @param outpoint 36 bytes. @returns the serialized coin; undefined when it does not exist or is spent in the chain */
export async function unspentOutput(rpc: RpcCaller, outpoint: Uint8Array): Promise<Uint8Array | undefined> {
  const { txid, index } = readOutpoint(new ByteReader(outpoint));
  const output = await rpc.call('gettxout', hashToHex(txid), index, false);
  if (!isJsonObject(output)) return undefined;
  // It tells the depth below a block that need no longer be the tip.
  const header = asObject(await rpc.call('getblockheader', asString(member(output, 'bestblock'))));
  const script = asString(member(asObject(member(output, 'scriptPubKey')), 'hex'));
  return serializeCoin({
    value: asAmount(member(output, 'value')),
    scriptPubKey: fromHex(script),
    height: asInteger(member(header, 'height')) - asInteger(member(output, 'confirmations')) + 1,
    coinbase: output['coinbase'] === true,
  });
}

interface Outcome {
  readonly error: string;
  /** A TransactionError. */
  readonly result: number;
}

function refusal(failure: RpcFailure): Outcome {
  switch (failure.code) {
    case RpcErrorCode.verifyAlreadyInUtxoSet:
      return { error: failure.message, result: TransactionError.alreadyInUtxoSet };
    case RpcErrorCode.verifyRejected:
      return { error: failure.message, result: TransactionError.mempoolRejected };
    case RpcErrorCode.verify:
      return { error: failure.message, result: /inputs/i.test(failure.message) ? TransactionError.missingInputs : TransactionError.mempoolError };
    default:
      throw failure;
  }
}

/** @param maxFee satoshis the whole transaction may pay; 0 for any fee */
export async function broadcast(rpc: RpcCaller, bytes: Uint8Array, maxFee: bigint): Promise<Outcome> {
  const hex = toHex(bytes);
  try {
    if (maxFee > 0n) {
      const [tested] = asArray(await rpc.call('testmempoolaccept', [hex], 0)).map(asObject);
      const fees = tested?.['fees'];
      if (isJsonObject(fees) && asAmount(member(fees, 'base')) > maxFee) {
        return { error: 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)', result: TransactionError.maxFeeExceeded };
      }
    }
    // The fee has been looked at; the command's own limit is one of rates.
    await rpc.call('sendrawtransaction', hex, 0);
    return { error: '', result: TransactionError.ok };
  } catch (error) {
    if (error instanceof RpcFailure) return refusal(error);
    throw error;
  }
}
