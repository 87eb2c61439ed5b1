"""Operations on proposals."""
