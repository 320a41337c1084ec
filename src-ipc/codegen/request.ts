import { CompositeList, Message, ObjectSize, Struct } from 'capnp-ts';
import * as schema from 'capnp-ts/src/std/schema.capnp.js';
import {
  SchemaModel,
  type Annotations,
  type Constant,
  type Field,
  type FieldType,
  type InterfaceType,
  type Method,
  type ScalarKind,
  type SchemaFile,
  type StructType,
} from './model.js';

type Nodes = ReadonlyMap<bigint, schema.Node>;
type Docs = ReadonlyMap<bigint, { doc: string; members: readonly string[] }>;

/** The struct as compilers before 1.0 write it; capnp-ts reads list elements of the exact size only. */
class SourceInfo extends schema.Node_SourceInfo {
  static override readonly _capnp = { ...schema.Node_SourceInfo._capnp, size: new ObjectSize(8, 2) };
}

/**
 * Reads the request that `capnp compile -o-` writes for code generators.
 * Throws on what the process interfaces do not use: groups, unions, enums, AnyPointer.
 */
export function readRequest(bytes: Uint8Array): SchemaModel {
  const root = new Message(bytes, false).getRoot(schema.CodeGeneratorRequest);
  const nodes = new Map(root.nodes.toArray().map((node) => [node.id, node]));
  const docs = new Map(
    Struct.getList(3, CompositeList(SourceInfo), root).toArray().map((info) => {
      const members = info.members.toArray().map((member) => member.docComment);
      return [info.id, { doc: info.docComment, members }];
    }),
  );
  const files = root.requestedFiles.toArray().map((requested): SchemaFile => {
    const node = nodeOf(nodes, requested.id);
    const path = requested.filename;
    const declared = node.nestedNodes.toArray().map((nested) => nodeOf(nodes, nested.id));
    const constants = declared.filter(isConstant).map((nested) => constantOf(nested, docs));
    const types = declared.flatMap((nested) => typeOf(nested, path, nodes, docs));
    return { id: requested.id, path, doc: docOf(docs, requested.id), constants, types };
  });
  return new SchemaModel(files);
}

function typeOf(node: schema.Node, file: string, nodes: Nodes, docs: Docs): (StructType | InterfaceType)[] {
  switch (node.which()) {
    case schema.Node.STRUCT:
      return [structOf(node, file, nodes, docs)];
    case schema.Node.INTERFACE:
      return [interfaceOf(node, file, nodes, docs)];
    case schema.Node.CONST:
    case schema.Node.ANNOTATION:
      return [];
    default:
      throw new Error(`${node.displayName}: this kind of declaration is not supported.`);
  }
}

function isConstant(node: schema.Node): boolean {
  return node.which() === schema.Node.CONST;
}

function constantOf(node: schema.Node, docs: Docs): Constant {
  const { type, value } = node.const;
  const fieldType = fieldTypeOf(type, node.displayName);
  const isText = value.which() === schema.Value.TEXT;
  if (!isText && !SCALARS.has(type.which())) throw new Error(`${node.displayName}: constants of this type are not supported.`);
  return { name: shortName(node), type: fieldType, value: isText ? value.text : defaultOf(value), doc: docOf(docs, node.id) };
}

function structOf(node: schema.Node, file: string, nodes: Nodes, docs: Docs): StructType {
  const { struct } = node;
  if (struct.discriminantCount > 0) throw new Error(`${node.displayName}: unions are not supported.`);
  const members = docs.get(node.id)?.members ?? [];
  const fields = struct.fields.toArray().map((field, index) => ({
    codeOrder: field.codeOrder,
    field: fieldOf(node, field, members[index] ?? '', nodes),
  }));
  fields.sort((a, b) => a.codeOrder - b.codeOrder);
  return {
    kind: 'struct',
    id: node.id,
    name: shortName(node),
    file,
    parameters: node.parameters.toArray().map((parameter) => parameter.name),
    dataWords: struct.dataWordCount,
    pointers: struct.pointerCount,
    fields: fields.map(({ field }) => field),
    annotations: annotationsOf(node.annotations.toArray(), nodes),
    doc: docOf(docs, node.id),
  };
}

function interfaceOf(node: schema.Node, file: string, nodes: Nodes, docs: Docs): InterfaceType {
  const members = docs.get(node.id)?.members ?? [];
  const methods = node.interface.methods.toArray().map((method, ordinal): Method => {
    return {
      name: method.name,
      ordinal,
      params: structOf(nodeOf(nodes, method.paramStructType), file, nodes, docs),
      results: structOf(nodeOf(nodes, method.resultStructType), file, nodes, docs),
      annotations: annotationsOf(method.annotations.toArray(), nodes),
      doc: joinLines(members[ordinal] ?? ''),
    };
  });
  return {
    kind: 'interface',
    id: node.id,
    name: shortName(node),
    file,
    superclasses: node.interface.superclasses.toArray().map((superclass) => superclass.id),
    methods,
    annotations: annotationsOf(node.annotations.toArray(), nodes),
    doc: docOf(docs, node.id),
  };
}

function fieldOf(owner: schema.Node, field: schema.Field, doc: string, nodes: Nodes): Field {
  if (field.which() !== schema.Field.SLOT) {
    throw new Error(`${owner.displayName}.${field.name}: groups are not supported.`);
  }
  const { slot } = field;
  return {
    name: field.name,
    type: fieldTypeOf(slot.type, `${owner.displayName}.${field.name}`),
    offset: slot.offset,
    defaultValue: defaultOf(slot.defaultValue),
    annotations: annotationsOf(field.annotations.toArray(), nodes),
    doc: joinLines(doc),
  };
}

const SCALARS: ReadonlyMap<number, ScalarKind> = new Map([
  [schema.Type.BOOL, 'bool'],
  [schema.Type.INT8, 'int8'],
  [schema.Type.INT16, 'int16'],
  [schema.Type.INT32, 'int32'],
  [schema.Type.INT64, 'int64'],
  [schema.Type.UINT8, 'uint8'],
  [schema.Type.UINT16, 'uint16'],
  [schema.Type.UINT32, 'uint32'],
  [schema.Type.UINT64, 'uint64'],
  [schema.Type.FLOAT32, 'float32'],
  [schema.Type.FLOAT64, 'float64'],
]);

function fieldTypeOf(type: schema.Type, where: string): FieldType {
  const which = type.which();
  const scalar = SCALARS.get(which);
  if (scalar !== undefined) return { kind: scalar };
  switch (which) {
    case schema.Type.VOID:
      return { kind: 'void' };
    case schema.Type.TEXT:
      return { kind: 'text' };
    case schema.Type.DATA:
      return { kind: 'data' };
    case schema.Type.LIST:
      return { kind: 'list', element: fieldTypeOf(type.list.elementType, where) };
    case schema.Type.STRUCT:
      return { kind: 'struct', id: type.struct.typeId, arguments: bindingsOf(type.struct, where) };
    case schema.Type.INTERFACE:
      return { kind: 'interface', id: type.interface.typeId };
    case schema.Type.ANY_POINTER:
      if (type.anyPointer.which() === schema.Type_AnyPointer.PARAMETER) {
        return { kind: 'parameter', index: type.anyPointer.parameter.parameterIndex };
      }
  }
  throw new Error(`${where}: this type is not supported.`);
}

/** What a generic struct's parameters are bound to, by position. */
function bindingsOf(type: schema.Type_Struct, where: string): FieldType[] {
  if (!type.hasBrand()) return [];
  const scopes = type.brand.scopes.toArray().filter((scope) => scope.scopeId === type.typeId);
  return scopes.flatMap((scope) => {
    if (scope.which() !== schema.Brand_Scope.BIND) throw new Error(`${where}: inherited type parameters.`);
    return scope.bind.toArray().map((binding): FieldType => {
      if (binding.which() !== schema.Brand_Binding.TYPE) throw new Error(`${where}: unbound type parameter.`);
      return fieldTypeOf(binding.type, where);
    });
  });
}

function defaultOf(value: schema.Value): bigint | number | boolean {
  switch (value.which()) {
    case schema.Value.BOOL:
      return value.bool;
    case schema.Value.INT8:
      return value.int8;
    case schema.Value.INT16:
      return value.int16;
    case schema.Value.INT32:
      return value.int32;
    case schema.Value.INT64:
      return value.int64;
    case schema.Value.UINT8:
      return value.uint8;
    case schema.Value.UINT16:
      return value.uint16;
    case schema.Value.UINT32:
      return value.uint32;
    case schema.Value.UINT64:
      return value.uint64;
    case schema.Value.FLOAT32:
      return value.float32;
    case schema.Value.FLOAT64:
      return value.float64;
    default:
      return 0;
  }
}

function annotationsOf(list: readonly schema.Annotation[], nodes: Nodes): Annotations {
  const result = new Map<string, string | number | true>();
  for (const annotation of list) {
    const node = nodes.get(annotation.id);
    if (node === undefined) continue;
    const { value } = annotation;
    if (value.which() === schema.Value.TEXT) result.set(shortName(node), value.text);
    else if (value.which() === schema.Value.INT32) result.set(shortName(node), value.int32);
    else result.set(shortName(node), true);
  }
  return result;
}

function nodeOf(nodes: Nodes, id: bigint): schema.Node {
  const node = nodes.get(id);
  if (node === undefined) throw new Error(`The request lacks the declaration 0x${id.toString(16)}.`);
  return node;
}

function shortName(node: schema.Node): string {
  return node.displayName.slice(node.displayNamePrefixLength);
}

function docOf(docs: Docs, id: bigint): string {
  return joinLines(docs.get(id)?.doc ?? '');
}

/** A comment as one line per paragraph, so that it can be wrapped anew. */
function joinLines(doc: string): string {
  return doc
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, ' '))
    .join('\n')
    .trim();
}
