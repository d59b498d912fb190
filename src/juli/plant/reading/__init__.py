"""Reading a plant's folder, and listing every problem in it at once."""

from juli.plant.reading.folder import PlantFolder, read_folder

__all__ = ["PlantFolder", "read_folder"]
