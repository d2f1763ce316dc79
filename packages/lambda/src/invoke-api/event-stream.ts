import { crc32 } from 'node:zlib'

/** The content type of the AWS event stream encoding. */
export const eventStreamType = 'application/vnd.amazon.eventstream'

/** The length of the two length fields and their checksum. */
const preludeBytes = 12
const checksumBytes = 4

/** The code of a header whose value is a string; the only kind used here. */
const stringHeader = 7

/**
 * Encodes one event: total length, length of the headers, checksum of these two, headers, payload,
 * checksum of everything before it. All numbers are big-endian, checksums are CRC-32.
 * The format: smithy.io, "Amazon Event Stream Specification".
 */
export function encodeEvent(eventType: string, contentType: string, payload: Buffer): Buffer {
  const headers = Buffer.concat([
    encodeHeader(':message-type', 'event'),
    encodeHeader(':event-type', eventType),
    encodeHeader(':content-type', contentType),
  ])
  const total = preludeBytes + headers.length + payload.length + checksumBytes
  const message = Buffer.alloc(total)
  message.writeUInt32BE(total, 0)
  message.writeUInt32BE(headers.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  headers.copy(message, preludeBytes)
  payload.copy(message, preludeBytes + headers.length)
  message.writeUInt32BE(crc32(message.subarray(0, total - checksumBytes)), total - checksumBytes)
  return message
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name)
  const valueBytes = Buffer.from(value)
  const header = Buffer.alloc(1 + nameBytes.length + 1 + 2 + valueBytes.length)
  header.writeUInt8(nameBytes.length, 0)
  nameBytes.copy(header, 1)
  header.writeUInt8(stringHeader, 1 + nameBytes.length)
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length)
  valueBytes.copy(header, 4 + nameBytes.length)
  return header
}
