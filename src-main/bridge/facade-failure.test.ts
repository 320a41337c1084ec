import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallFailure } from '../../src-interfaces/errors.js';
import { asFacadeError, FacadeFailure } from './facade-failure.js';

test('why a call to another program failed reaches the person', () => {
  assert.equal(asFacadeError(new CallFailure('disconnected', 'gone')).code, 'disconnected');
  assert.equal(asFacadeError(new CallFailure('unimplemented', 'no such method')).code, 'unsupported');
  assert.equal(asFacadeError(new CallFailure('failed', 'no')).code, 'internal');
  assert.deepEqual(asFacadeError(new FacadeFailure('rejected', 'No.', { field: 'a' })), { code: 'rejected', message: 'No.', field: 'a' });
});
