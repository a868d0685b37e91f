package io.github.llmcache.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of text for people: aligned, numbers to the right, and cut off at the end of
 * the line. Used by one thread.
 */
final class Table {

	private static final String GAP = "  ";

	private static final int NARROWEST = 8;

	private final List<Column> columns;

	private final List<Row> rows = new ArrayList<>();

	private Table(List<Column> columns) {
		this.columns = columns;
	}

	/**
	 * Create a table.
	 * @param headers what is above the columns; what begins with {@code >} is a column of
	 * numbers
	 */
	static Table of(String... headers) {
		return new Table(Arrays.stream(headers)
			.map((header) -> header.startsWith(">") ? new Column(header.substring(1), true) : new Column(header, false))
			.toList());
	}

	/**
	 * Add a line.
	 * @param cells its cells, which may be from outside
	 */
	Table row(String... cells) {
		return row(Style.PLAIN, cells);
	}

	Table row(Style style, String... cells) {
		if (cells.length != this.columns.size()) {
			throw new IllegalArgumentException("A line has " + this.columns.size() + " cells");
		}
		this.rows.add(new Row(style, Arrays.stream(cells).map(Terminal::oneLine).toList()));
		return this;
	}

	void print(Terminal terminal) {
		int[] widths = widths(terminal.traits().outputShown() ? terminal.traits().width() : TerminalTraits.UNLIMITED);
		print(terminal, new Row(Style.BOLD, this.columns.stream().map(Column::header).toList()), widths);
		this.rows.forEach((row) -> print(terminal, row, widths));
	}

	/**
	 * Columns of text give way, the widest first, until a line fits.
	 */
	private int[] widths(int available) {
		int[] widths = new int[this.columns.size()];
		for (int i = 0; i < widths.length; i++) {
			int column = i;
			widths[i] = this.rows.stream()
				.mapToInt((row) -> length(row.cells().get(column)))
				.reduce(this.columns.get(i).header().length(), Math::max);
		}
		long tooMuch = Arrays.stream(widths).asLongStream().sum() + (long) GAP.length() * (widths.length - 1)
				- available;
		while (tooMuch > 0) {
			int widest = widest(widths);
			if (widest < 0) {
				break;
			}
			widths[widest]--;
			tooMuch--;
		}
		return widths;
	}

	private int widest(int[] widths) {
		int widest = -1;
		for (int i = 0; i < widths.length; i++) {
			if (!this.columns.get(i).number() && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
				widest = i;
			}
		}
		return widest;
	}

	private void print(Terminal terminal, Row row, int[] widths) {
		StringBuilder line = new StringBuilder();
		for (int i = 0; i < widths.length; i++) {
			String cell = cutOff(row.cells().get(i), widths[i]);
			String space = " ".repeat(Math.max(0, widths[i] - length(cell)));
			line.append((i > 0) ? GAP : "").append(this.columns.get(i).number() ? space + cell : cell + space);
		}
		terminal.printCells(terminal.cell(row.style(), line.toString().stripTrailing()));
	}

	private static int length(String cell) {
		return cell.codePointCount(0, cell.length());
	}

	private static String cutOff(String cell, int width) {
		return (length(cell) <= width) ? cell : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
	}

	private record Column(String header, boolean number) {
	}

	private record Row(Style style, List<String> cells) {
	}

}
