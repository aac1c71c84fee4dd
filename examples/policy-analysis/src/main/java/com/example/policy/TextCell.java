package com.example.policy;

/** A cell with text. {@code row}, {@code column}: from 1; {@code cell}: as Excel writes it, B7. */
record TextCell(String sheet, int row, int column, String cell, String text) {}
