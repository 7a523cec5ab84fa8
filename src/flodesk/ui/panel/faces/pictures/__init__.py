"""Values as colours: pictures, heat maps and waterfalls."""
