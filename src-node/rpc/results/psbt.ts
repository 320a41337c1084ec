const psbtText = `Result:
"str"  (string) The PSBT in Base64`;

const origins = `"bip32_derivs" : [  (json array, optional)
        {  (json object)
          "pubkey" : "hex",  (string)
          "master_fingerprint" : "hex",  (string)
          "path" : "str"  (string)
        },
        ...
      ],`;

const innerScript = `{  (json object, optional)
        "asm" : "str",  (string)
        "hex" : "hex",  (string)
        "type" : "str"  (string)
      },`;

const tapOrigins = `"taproot_bip32_derivs" : [  (json array, optional)
        {  (json object)
          "pubkey" : "hex",  (string)
          "master_fingerprint" : "hex",  (string)
          "path" : "str",  (string)
          "leaf_hashes" : [ "hex", ... ]  (json array)
        },
        ...
      ],`;

const participants = `"musig2_participant_pubkeys" : [  (json array, optional)
        {  (json object)
          "aggregate_pubkey" : "hex",  (string)
          "participant_pubkeys" : [ "hex", ... ]  (json array)
        },
        ...
      ],`;

const proprietary = (indent: string): string => `[  (json array)
${indent}  {  (json object)
${indent}    "identifier" : "hex",  (string)
${indent}    "subtype" : n,  (numeric)
${indent}    "key" : "hex",  (string)
${indent}    "value" : "hex"  (string)
${indent}  },
${indent}  ...
${indent}]`;

const others = `"proprietary" : ${proprietary('      ')},
      "unknown" : { "key" : "hex", ... }  (json object, optional)`;

const musig2Field = (name: string, value: string): string => `"${name}" : [  (json array, optional)
        {  (json object)
          "participant_pubkey" : "hex",  (string)
          "aggregate_pubkey" : "hex",  (string)
          "leaf_hash" : "hex",  (string, optional)
          "${value}" : "hex"  (string)
        },
        ...
      ],`;

const decoded = `Result:
{  (json object)
  "tx" : { ... },  (json object) The transaction, as decoderawtransaction shows it
  "global_xpubs" : [  (json array)
    {  (json object)
      "xpub" : "str",  (string)
      "master_fingerprint" : "hex",  (string)
      "path" : "str"  (string)
    },
    ...
  ],
  "psbt_version" : n,  (numeric)
  "proprietary" : ${proprietary('  ')},
  "unknown" : { "key" : "hex", ... },  (json object)
  "inputs" : [  (json array)
    {  (json object)
      "witness_utxo" : {  (json object, optional)
        "amount" : n,  (numeric)
        "scriptPubKey" : { ... }  (json object)
      },
      "non_witness_utxo" : { ... },  (json object, optional)
      "partial_signatures" : { "pubkey" : "hex", ... },  (json object, optional)
      "sighash" : "str",  (string, optional)
      "redeem_script" : ${innerScript}
      "witness_script" : ${innerScript}
      ${origins}
      "final_scriptSig" : {  (json object, optional)
        "asm" : "str",  (string)
        "hex" : "hex"  (string)
      },
      "final_scriptwitness" : [ "hex", ... ],  (json array, optional)
      "ripemd160_preimages" : { "hash" : "hex", ... },  (json object, optional)
      "sha256_preimages" : { "hash" : "hex", ... },  (json object, optional)
      "hash160_preimages" : { "hash" : "hex", ... },  (json object, optional)
      "hash256_preimages" : { "hash" : "hex", ... },  (json object, optional)
      "taproot_key_path_sig" : "hex",  (string, optional)
      "taproot_script_path_sigs" : [  (json array, optional)
        {  (json object)
          "pubkey" : "hex",  (string)
          "leaf_hash" : "hex",  (string)
          "sig" : "hex"  (string)
        },
        ...
      ],
      "taproot_scripts" : [  (json array, optional)
        {  (json object)
          "script" : "hex",  (string)
          "leaf_ver" : n,  (numeric)
          "control_blocks" : [ "hex", ... ]  (json array)
        },
        ...
      ],
      ${tapOrigins}
      "taproot_internal_key" : "hex",  (string, optional)
      "taproot_merkle_root" : "hex",  (string, optional)
      ${participants}
      ${musig2Field('musig2_pubnonces', 'pubnonce')}
      ${musig2Field('musig2_partial_sigs', 'partial_sig')}
      ${others}
    },
    ...
  ],
  "outputs" : [  (json array)
    {  (json object)
      "redeem_script" : ${innerScript}
      "witness_script" : ${innerScript}
      ${origins}
      "taproot_internal_key" : "hex",  (string, optional)
      "taproot_tree" : [  (json array, optional)
        {  (json object)
          "depth" : n,  (numeric)
          "leaf_ver" : n,  (numeric)
          "script" : "hex"  (string)
        },
        ...
      ],
      ${tapOrigins}
      ${participants}
      ${others}
    },
    ...
  ],
  "fee" : n  (numeric, optional) BTC, when all spent outputs are known
}`;

/** Shapes of the results of commands, as help shows them. */
export const psbtResults: Readonly<Record<string, string>> = {
  createrawtransaction: `Result:
"hex"  (string) The serialized transaction`,
  createpsbt: psbtText,
  converttopsbt: psbtText,
  combinepsbt: psbtText,
  joinpsbts: psbtText,
  utxoupdatepsbt: psbtText,
  decodepsbt: decoded,
  analyzepsbt: `Result:
{  (json object)
  "inputs" : [  (json array, optional)
    {  (json object)
      "has_utxo" : true|false,  (boolean) Whether it tells what it spends
      "is_final" : true|false,  (boolean) Whether it carries what unlocks it
      "next" : "str",  (string) Whose turn it is: updater, signer, finalizer or extractor
      "missing" : {  (json object, optional)
        "pubkeys" : [ "hex", ... ],  (json array, optional) HASH160 of public keys
        "redeemscript" : "hex",  (string, optional) Its HASH160
        "witnessscript" : "hex",  (string, optional) Its SHA-256
        "signatures" : [ "hex", ... ]  (json array, optional) HASH160 of the public keys to sign for
      }
    },
    ...
  ],
  "estimated_vsize" : n,  (numeric, optional) Virtual bytes of the complete transaction
  "estimated_feerate" : n,  (numeric, optional) BTC/kvB
  "fee" : n,  (numeric, optional) BTC, when all spent outputs are known
  "next" : "str",  (string) Whose turn it is
  "error" : "str"  (string, optional) Why it can never become valid
}`,
  finalizepsbt: `Result:
{  (json object)
  "psbt" : "str",  (string, optional) The PSBT in Base64, unless the transaction is returned
  "hex" : "hex",  (string, optional) The transaction, when it is complete
  "complete" : true|false  (boolean)
}`,
  descriptorprocesspsbt: `Result:
{  (json object)
  "psbt" : "str",  (string) The PSBT in Base64
  "complete" : true|false,  (boolean) Whether all inputs are finished
  "hex" : "hex"  (string, optional) The transaction, when they are
}`,
};
