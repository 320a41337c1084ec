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
};
