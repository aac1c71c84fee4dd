package dev.larder.store;

import dev.larder.content.Disk;

/** What the pieces of one store share. */
record StoreParts(
    Disk disk,
    BlobLayout layout,
    BlobLedger ledger,
    Reservations reservations,
    Quarantine quarantine,
    Suspects suspects) {
  SmallFiles smallFiles() {
    return new SmallFiles(disk, layout);
  }
}
