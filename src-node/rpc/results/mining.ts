/** Shapes of the results of commands, as help shows them. */
export const miningResults: Readonly<Record<string, string>> = {
  getmininginfo: `Result:
{  (json object)
  "blocks" : n,  (numeric)
  "currentblockweight" : n,  (numeric, optional)
  "currentblocktx" : n,  (numeric, optional)
  "bits" : "hex",  (string)
  "difficulty" : n,  (numeric)
  "target" : "hex",  (string)
  "networkhashps" : n,  (numeric)
  "pooledtx" : n,  (numeric)
  "blockmintxfee" : n,  (numeric)
  "chain" : "str",  (string)
  "signet_challenge" : "hex",  (string, optional)
  "next" : {  (json object)
    "height" : n,  (numeric)
    "bits" : "hex",  (string)
    "difficulty" : n,  (numeric)
    "target" : "hex"  (string)
  },
  "warnings" : [  (json array)
    "str",  (string)
    ...
  ]
}`,
  getnetworkhashps: `Result:
n  (numeric)`,
  submitblock: `Result (If the block was accepted):
null  (json null)

Result (Otherwise):
"str"  (string)`,
  getblocktemplate: `Result (for a proposal):
"str"  (string) What is wrong with the block, in a word; null when nothing is

Result (for a template):
{  (json object)
  "capabilities" : [ "str", ... ],  (json array)
  "version" : n,  (numeric)
  "rules" : [ "str", ... ],  (json array) Rules that hold; with ! those that a miner must know
  "vbavailable" : { "rule" : n, ... },  (json object) Bits of rules that miners vote on
  "vbrequired" : n,  (numeric)
  "previousblockhash" : "hex",  (string)
  "transactions" : [  (json array)
    {  (json object)
      "data" : "hex",  (string)
      "txid" : "hex",  (string)
      "hash" : "hex",  (string) With witness
      "depends" : [ n, ... ],  (json array) Places of others before it, from 1
      "fee" : n,  (numeric) Satoshis
      "sigops" : n,  (numeric)
      "weight" : n  (numeric)
    },
    ...
  ],
  "coinbaseaux" : { },  (json object)
  "coinbasevalue" : n,  (numeric) Satoshis
  "longpollid" : "str",  (string)
  "target" : "hex",  (string)
  "mintime" : n,  (numeric) Seconds since 1970
  "mutable" : [ "str", ... ],  (json array)
  "noncerange" : "hex",  (string)
  "sigoplimit" : n,  (numeric)
  "sizelimit" : n,  (numeric) Bytes
  "weightlimit" : n,  (numeric, optional)
  "curtime" : n,  (numeric) Seconds since 1970
  "bits" : "hex",  (string)
  "height" : n,  (numeric)
  "signet_challenge" : "hex",  (string, optional)
  "default_witness_commitment" : "hex"  (string, optional)
}`,
};
