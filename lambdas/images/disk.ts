/** The most that is read of a disk at once, and what Azure takes in one Put Page, in bytes. */
export const PIECE_BYTES = 4 * 2 ** 20;

/** What a piece of a disk is read into, in bytes: the map before a block goes along with it. */
export const ROOM_BYTES = PIECE_BYTES + 64 * 1024;

/** A file of which any part can be read. */
export interface RangedFile {
  /** @example "s3://shop-images/exports/export-ami-0123456789abcdef0.vhd" */
  readonly name: string;
  readonly bytes: number;
  /** @param room what it is read into, and what is returned is a part of @default memory of its own */
  read(offset: number, length: number, room?: Buffer): Promise<Buffer>;
}

/** A part of a disk that may hold something else than zeros. */
export interface Piece {
  offset: number;
  length: number;
}

/** What is in a disk's file. */
export interface Disk {
  /** What it holds, in bytes. */
  readonly bytes: number;
  /** The parts that may hold something, in their order, from an offset on; all else is zeros. */
  pieces(from: number): Generator<Piece>;
  /** @param room of {@link ROOM_BYTES}, which what is returned is a part of @default memory of its own */
  read(piece: Piece, room?: Buffer): Promise<Buffer>;
}
