"""Parquet files, by pyarrow: the only importer of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mojifix.cli.files import label
from mojifix.cli.saying import Trouble

if TYPE_CHECKING:
    from mojifix.cli.tables import Mended, Sink

#: rows that are read at a time: documents of 5 kB make it 20 MB
ROWS = 1 << 12
#: bytes of a row group that is written, at most: below that they are as long as those that are read. (300,000 lines of
#: chat in groups of 4,096 rows were 19 MB instead of 1.6)
GROUP = 1 << 27


class Parquet:
    """A file of Parquet. Types, other columns, metadata and compression are kept; missing values stay missing."""

    def __init__(self, args: argparse.Namespace, source: Any, sink: Sink) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise Trouble(f"{label(args.file)}: Parquet needs pyarrow; pip install 'mojifix[data]'") from None
        self._pa, self._columns, self._account = pyarrow, args.column, args.account
        self.troubles: list[str] = []
        self.notes: list[str] = []
        if args.file == "-" or args.output in (None, "-"):
            raise Trouble("standard input and output: Parquet needs files; name FILE and -o PATH")
        try:
            self._file = pyarrow.parquet.ParquetFile(source)
        except pyarrow.ArrowInvalid as error:
            raise Trouble(f"{args.file}: is not Parquet ({error})") from None
        schema = self._file.schema_arrow
        for name in self._columns:
            if name not in schema.names or not self._is_text(schema.field(name).type):
                texts = [field.name for field in schema if self._is_text(field.type)]
                raise Trouble(f"{args.file}: has no text in column {name}; columns of text are {', '.join(texts)}")
        for name in self._columns if self._account else ():
            schema = schema.append(pyarrow.field(f"{name}_damage", pyarrow.string()))
            schema = schema.append(pyarrow.field(f"{name}_bits", pyarrow.float32()))
        self._schema = schema
        self._writer = pyarrow.parquet.ParquetWriter(sink, schema, compression=self._compression())
        about = self._file.metadata
        self._rows = max((about.row_group(i).num_rows for i in range(about.num_row_groups)), default=0)
        self._held: list[Any] = []

    def _is_text(self, kind: Any) -> bool:
        types = self._pa.types
        kind = kind.value_type if types.is_dictionary(kind) else kind
        return bool(types.is_string(kind) or types.is_large_string(kind))

    def _compression(self) -> Any:
        about = self._file.metadata
        if not about.num_row_groups:
            return "snappy"
        group = about.row_group(0)
        columns = (group.column(i) for i in range(group.num_columns))
        return {c.path_in_schema: "none" if c.compression == "UNCOMPRESSED" else c.compression for c in columns}

    def batches(self) -> Iterator[tuple[Any, list[str | None]]]:
        for batch in self._file.iter_batches(ROWS):
            values = [batch.column(name).to_pylist() for name in self._columns]
            yield batch, [value for row in zip(*values, strict=True) for value in row]

    def write(self, rows: Any, mended: Sequence[Mended | None]) -> None:
        arrays = dict(zip(rows.schema.names, rows.columns, strict=True))
        for number, name in enumerate(self._columns):
            own = mended[number :: len(self._columns)]
            if any(own):
                values = zip(arrays[name].to_pylist(), own, strict=True)
                made = self._pa.array([one.text if one else old for old, one in values], self._text_type(name))
                kind = self._schema.field(name).type
                arrays[name] = made.dictionary_encode() if self._pa.types.is_dictionary(kind) else made
            if self._account:
                kinds, bits = ([getattr(one, what, None) for one in own] for what in ("kinds", "bits"))
                arrays[f"{name}_damage"] = self._pa.array(kinds, self._pa.string())
                arrays[f"{name}_bits"] = self._pa.array(bits, self._pa.float32())
        made = self._pa.table([arrays[name] for name in self._schema.names], names=self._schema.names)
        self._held.append(made.cast(self._schema))
        if sum(held.num_rows for held in self._held) >= self._rows or sum(held.nbytes for held in self._held) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        """Write what is held as one row group."""
        if self._held:
            whole = self._pa.concat_tables(self._held)
            self._writer.write_table(whole.unify_dictionaries(), row_group_size=whole.num_rows)
            self._held.clear()

    def _text_type(self, name: str) -> Any:
        kind = self._schema.field(name).type
        return kind.value_type if self._pa.types.is_dictionary(kind) else kind

    def close(self) -> None:
        self._flush()
        self._writer.close()
