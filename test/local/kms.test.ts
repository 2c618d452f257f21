import { createPublicKey, verify } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Kms } from '../../local/kms/kms.ts';
import { key } from '../../local/template/kinds-data.ts';
import { Model } from '../../local/template/model.ts';
import { writeAssembly } from './fixture/assembly.ts';
import { temporaryFolder } from './fixture/folder.ts';

const model = new Model(
  writeAssembly(),
  { region: 'us-east-1', accountId: '000000000000', partition: 'aws' },
  { Issuer: 'http://127.0.0.1/issuer' },
);
const file = join(temporaryFolder('kms'), 'kms.json');
const kms = new Kms(model, file);
const [master, macMaster, signingMaster] = model.all(key);
const [KeyId, macKey, signingKey] = [master?.ref ?? '', macMaster?.ref ?? '', signingMaster?.ref ?? ''];
const EncryptionContext = { district: '440904', table: 'notes' };

describe('a data key', () => {
  test('opens with its context in any order, under the key, its alias or no name', async () => {
    const made = await kms.handle('GenerateDataKey', { KeyId: 'alias/notes', KeySpec: 'AES_256', EncryptionContext });
    expect(Buffer.from(String(made['Plaintext']), 'base64')).toHaveLength(32);
    expect(made['KeyId']).toBe(master?.arn);
    const reordered = { table: 'notes', district: '440904' };
    for (const named of [{}, { KeyId }, { KeyId: master?.arn }, { KeyId: 'alias/notes' }]) {
      const opened = await kms.handle('Decrypt', {
        CiphertextBlob: made['CiphertextBlob'],
        EncryptionContext: reordered,
        ...named,
      });
      expect(opened['Plaintext']).toBe(made['Plaintext']);
    }
  });

  test('does not open under another context, changed, or with another key', async () => {
    const { CiphertextBlob } = await kms.handle('GenerateDataKeyWithoutPlaintext', {
      KeyId,
      KeySpec: 'AES_128',
      EncryptionContext,
    });
    const bytes = Buffer.from(String(CiphertextBlob), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await expect(
      kms.handle('Decrypt', { CiphertextBlob, EncryptionContext: { district: '440903', table: 'notes' } }),
    ).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
    await expect(kms.handle('Decrypt', { CiphertextBlob })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
    await expect(
      kms.handle('Decrypt', { CiphertextBlob: bytes.toString('base64'), EncryptionContext }),
    ).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
    await expect(kms.handle('Decrypt', { CiphertextBlob, EncryptionContext, KeyId: macKey })).rejects.toMatchObject({
      code: 'IncorrectKeyException',
    });
    await expect(kms.handle('Decrypt', { CiphertextBlob: 'AAAA', EncryptionContext })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
  });

  test('without its plaintext gives none', async () => {
    expect(await kms.handle('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' })).not.toHaveProperty(
      'Plaintext',
    );
  });
});

test('what was encrypted opens after a restart, and the key file is its owner’s alone', async () => {
  const { CiphertextBlob } = await kms.handle('Encrypt', {
    KeyId,
    Plaintext: Buffer.from('secret').toString('base64'),
  });
  const again = new Kms(model, file);
  expect(
    Buffer.from(String((await again.handle('Decrypt', { CiphertextBlob }))['Plaintext']), 'base64').toString(),
  ).toBe('secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a MAC verifies for its message only', async () => {
  const request = { KeyId: macKey, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('one').toString('base64') };
  const { Mac } = await kms.handle('GenerateMac', request);
  expect(await kms.handle('VerifyMac', { ...request, Mac })).toMatchObject({ MacValid: true });
  await expect(kms.handle('VerifyMac', { ...request, Mac, Message: 'dHdv' })).rejects.toMatchObject({
    code: 'KMSInvalidMacException',
  });
});

test('a signature verifies by the public half, for its message only, and by the same half after a restart', async () => {
  const Message = Buffer.from('one');
  const request = { KeyId: signingKey, Message: Message.toString('base64'), SigningAlgorithm: 'ECDSA_SHA_256' };
  const signature = Buffer.from(String((await kms.handle('Sign', request))['Signature']), 'base64');
  const { PublicKey } = await new Kms(model, file).handle('GetPublicKey', { KeyId: signingKey });
  const half = createPublicKey({ key: Buffer.from(String(PublicKey), 'base64'), type: 'spki', format: 'der' });
  expect(verify('sha256', Message, half, signature)).toBe(true);
  expect(verify('sha256', Buffer.from('two'), half, signature)).toBe(false);
});

test.each<[string, Record<string, unknown>, string]>([
  ['Sign', { KeyId, Message: 'dHdv', SigningAlgorithm: 'ECDSA_SHA_256' }, 'InvalidKeyUsageException'],
  ['Sign', { KeyId: signingKey, Message: 'dHdv', SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, 'InvalidKeyUsageException'],
  ['Sign', { KeyId: signingKey, Message: 'dHdv', MessageType: 'DIGEST' }, 'ValidationException'],
  ['GenerateDataKey', { KeyId: 'nobody', KeySpec: 'AES_256' }, 'NotFoundException'],
  ['GenerateDataKey', { KeySpec: 'AES_256' }, 'ValidationException'],
  ['GenerateDataKey', { KeyId }, 'ValidationException'],
  ['GenerateDataKey', { KeyId: macKey, KeySpec: 'AES_256' }, 'InvalidKeyUsageException'],
  ['GenerateMac', { KeyId: macKey, MacAlgorithm: 'HMAC_SHA_512', Message: 'dHdv' }, 'InvalidKeyUsageException'],
  ['Encrypt', { KeyId, Plaintext: Buffer.alloc(4097).toString('base64') }, 'ValidationException'],
  ['ScheduleKeyDeletion', { KeyId }, 'UnknownOperationException'],
])('%s %j is answered %s', async (action, input, code) => {
  await expect(kms.handle(action, input)).rejects.toMatchObject({ code });
});

test('the context can be asked for in a policy', () => {
  expect(kms.accesses('Decrypt', { KeyId, EncryptionContext })).toEqual([
    {
      action: 'kms:Decrypt',
      resource: master?.arn,
      context: {
        'kms:calleraccount': ['000000000000'],
        'kms:encryptioncontextkeys': ['district', 'table'],
        'kms:encryptioncontext:district': ['440904'],
        'kms:encryptioncontext:table': ['notes'],
      },
    },
  ]);
});

test('a damaged key file stops the start', () => {
  writeFileSync(file, '{"a":');
  expect(() => new Kms(model, file)).toThrow('The data folder is damaged');
});
